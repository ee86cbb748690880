import { createHmac, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createDurably } from "../../durable";
import { localError } from "../../errors";

/** From which every key of this host is derived. */
export class HostSecret {
  private constructor(private readonly key: KeyObject) {}

  /**
   * Reads `dir`/secret, or makes it (mode 0600; two hosts starting together agree on one).
   * Throws localError HOST_SECRET_INVALID.
   */
  static open(dir: string): HostSecret {
    const file = join(dir, "secret");
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const text = read(file) ?? make(file);
    if (!/^[0-9a-f]{64}\n$/.test(text)) throw localError("HOST_SECRET_INVALID", { file });
    chmodSync(file, 0o600);
    return new HostSecret(createSecretKey(text.trim(), "hex"));
  }

  /** The same answer for the same purpose, always; 32 bytes. */
  derive(purpose: string): Buffer {
    return createHmac("sha256", this.key).update(purpose).digest();
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Whole or not at all: nobody ever reads half a secret. */
function make(file: string): string {
  createDurably(file, `${randomBytes(32).toString("hex")}\n`);
  return readFileSync(file, "utf8");
}
