import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";

/**
 * Secrets in a stack's state as the engine encrypts them with a passphrase: AES-256-GCM, "v1:<nonce>:<text and tag>" in
 * base64 (pulumi sdk/v3.259.0, go/common/resource/config/crypt.go).
 */

const ITERATIONS = 1_000_000;
const TAG_BYTES = 16;

/** The key of a stack. `state` is its checkpoint as text; it takes about half a second. */
export function stateKey(state: string, passphrase: string): Buffer {
  const salt = /"salt":\s*"v1:([^:"]+):/.exec(state)?.[1];
  if (!salt) throw new Error("the state is not encrypted with a passphrase");
  return pbkdf2Sync(passphrase, Buffer.from(salt, "base64"), ITERATIONS, 32, "sha256");
}

function decrypt(text: string, key: Buffer): string {
  const [, nonce, sealed] = text.split(":").map((part) => Buffer.from(part, "base64"));
  const cipher = createDecipheriv("aes-256-gcm", key, nonce!);
  cipher.setAuthTag(sealed!.subarray(-TAG_BYTES));
  return Buffer.concat([cipher.update(sealed!.subarray(0, -TAG_BYTES)), cipher.final()]).toString();
}

function encrypt(text: string, key: Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

/** The state with each of its secrets changed by `change`, which takes and answers plain text. */
export function withSecrets(state: string, key: Buffer, change: (plain: string) => string): string {
  return state.replace(/"ciphertext":\s*"(v1:[^"]+)"/g, (found, text: string) => {
    const plain = decrypt(text, key);
    const changed = change(plain);
    return changed === plain ? found : `"ciphertext": "${encrypt(changed, key)}"`;
  });
}
