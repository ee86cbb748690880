import { type KeyObject, verify } from "node:crypto";
import { decode } from "./encoding";

/**
 * Whether a signature of a private key is good: RSA (PKCS #1 v1.5) or ECDSA (DER), with SHA-256. Never throws.
 * @param signature base64 in its one right spelling: of two spellings of the same bytes one was changed on its way
 */
export function signedWith(key: KeyObject, signature: string, signed: Buffer): boolean {
  const bytes = decode(signature, "base64");
  if (!bytes || bytes.toString("base64") !== signature) return false;
  try {
    return verify("sha256", signed, key, bytes);
  } catch {
    return false;
  }
}
