import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { renameDurably, syncTree, writeDurably } from "../durable";
import type { CodeInput, Inputs } from "../protocol";

/** What the record of a function keeps of its code: the zip itself lies unpacked in the store. */
export interface StoredCode {
  sha256: string;
  /** Of the zip, bytes. */
  size: number;
}

/** SHA-256 in hex of each file, by its name in the zip. */
type Contents = Record<string, string>;

const LIST = ".files.json";

function isCodeInput(value: unknown): value is CodeInput {
  return typeof value === "object" && value !== null && typeof (value as CodeInput).zipBase64 === "string";
}

const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/**
 * Function code by content: NAMI_HOME/host/code/<sha256 in hex>, unpacked once, files read-only. Beside it lies
 * `<sha256>.files.json` with the hash of each file: code that is missing or broken is unpacked again.
 */
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
    const files = this.files(code).map((name) => [name, readFileSync(join(this.folder(code), name))]);
    return Buffer.from(zipSync(Object.fromEntries(files)));
  }

  folder(code: StoredCode): string {
    return join(this.dir, Buffer.from(code.sha256, "base64").toString("hex"));
  }

  /** Whether every file is there as it was unpacked. Of code that an older host kept, only that no file is empty. */
  isWhole(code: StoredCode): boolean {
    const folder = this.folder(code);
    const read = (name: string) => readFileSync(join(folder, name));
    try {
      if (!existsSync(folder + LIST)) {
        const names = this.files(code);
        return names.length > 0 && names.every((name) => read(name).length > 0);
      }
      const contents = Object.entries(JSON.parse(readFileSync(folder + LIST, "utf8")) as Contents);
      return contents.every(([name, hash]) => hashOf(read(name)) === hash);
    } catch {
      return false;
    }
  }

  /** Removes the code that none of `used` needs. At a start only: later a function may be on its way that no record names yet. */
  sweep(used: StoredCode[]): void {
    if (!existsSync(this.dir)) return;
    const kept = new Set(used.flatMap((code) => [this.folder(code), this.folder(code) + LIST]));
    for (const name of readdirSync(this.dir)) {
      const path = join(this.dir, name);
      if (!kept.has(path)) rmSync(path, { recursive: true, force: true });
    }
  }

  /** Names of the files, with slashes. */
  private files(code: StoredCode): string[] {
    const folder = this.folder(code);
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => relative(folder, join(folder, name)).split(sep).join("/"));
  }

  private unpack(code: CodeInput): StoredCode {
    const zip = Buffer.from(code.zipBase64, "base64");
    const stored = { sha256: code.sha256, size: zip.length };
    const folder = this.folder(stored);
    if (existsSync(folder + LIST) && this.isWhole(stored)) return stored;
    const draft = `${folder}.${process.pid}.draft`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    const contents: Contents = {};
    for (const [name, bytes] of Object.entries(unzipSync(zip))) {
      if (name.endsWith("/")) continue;
      const file = join(draft, name);
      if (!file.startsWith(join(draft, "/")))
        throw new Error(`The zip's entry "${name}" lies outside of it.`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
      chmodSync(file, 0o444);
      contents[name] = hashOf(bytes);
    }
    syncTree(draft);
    rmSync(folder, { recursive: true, force: true });
    renameDurably(draft, folder);
    writeDurably(folder + LIST, JSON.stringify(contents));
    return stored;
  }
}
