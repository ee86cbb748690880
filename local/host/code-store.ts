import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { unzipSync, zipSync } from "fflate";
import type { CodeInput, Inputs } from "../protocol";

/** What the record of a function keeps of its code: the zip itself lies unpacked in the store. */
export interface StoredCode {
  sha256: string;
  /** Of the zip, bytes. */
  size: number;
}

function isCodeInput(value: unknown): value is CodeInput {
  return typeof value === "object" && value !== null && typeof (value as CodeInput).zipBase64 === "string";
}

/** Function code by content: NAMI_HOME/host/code/<sha256 in hex>, unpacked once, files read-only. */
export class CodeStore {
  constructor(private readonly dir: string) {}

  /** The inputs with every zip in them unpacked and replaced by what names it. */
  keep(inputs: Inputs): Inputs {
    return Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name, isCodeInput(value) ? this.unpack(value) : value]),
    );
  }

  /** Keeps a zip that came by itself. Throws what is wrong with it. */
  keepZip(zip: Buffer): StoredCode {
    return this.unpack({
      zipBase64: zip.toString("base64"),
      sha256: createHash("sha256").update(zip).digest("base64"),
    });
  }

  /** A zip of the same files. */
  zip(code: StoredCode): Buffer {
    const folder = this.folder(code);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((name) => join(folder, name))
      .filter((file) => statSync(file).isFile());
    const name = (file: string) => relative(folder, file).split(sep).join("/");
    return Buffer.from(zipSync(Object.fromEntries(files.map((file) => [name(file), readFileSync(file)]))));
  }

  folder(code: StoredCode): string {
    return join(this.dir, Buffer.from(code.sha256, "base64").toString("hex"));
  }

  /** Removes the code that none of `used` needs. At a start only: later a function may be on its way that no record names yet. */
  sweep(used: StoredCode[]): void {
    if (!existsSync(this.dir)) return;
    const kept = new Set(used.map((code) => this.folder(code)));
    for (const name of readdirSync(this.dir)) {
      const folder = join(this.dir, name);
      if (!kept.has(folder)) rmSync(folder, { recursive: true, force: true });
    }
  }

  private unpack(code: CodeInput): StoredCode {
    const zip = Buffer.from(code.zipBase64, "base64");
    const stored = { sha256: code.sha256, size: zip.length };
    const folder = this.folder(stored);
    if (existsSync(folder)) return stored;
    const draft = `${folder}.${process.pid}.draft`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    for (const [name, bytes] of Object.entries(unzipSync(zip))) {
      if (name.endsWith("/")) continue;
      const file = join(draft, name);
      if (!file.startsWith(join(draft, "/")))
        throw new Error(`The zip's entry "${name}" lies outside of it.`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
      chmodSync(file, 0o444);
    }
    renameSync(draft, folder);
    return stored;
  }
}
