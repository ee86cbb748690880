import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { KeyPair } from "../../cli/send/sender";
import { officialLibraries } from "../../tools/official-libraries";
import type { SignedParts } from "../support/signed";

/** What a library is asked about. */
export interface Delivery {
  parts: SignedParts;
  /** The body as text, as most libraries want it. */
  text: string;
  url: string;
  pair: KeyPair;
}

/** One provider's own library, held against Nami's preset of that provider. */
export interface Library {
  npm: string;
  preset: string;
  /** Of the sender's events; absent: the first. */
  event?: string;
  /** Absent: as the sender makes one. */
  makeKey?(): KeyPair;
  /** Does the library accept it? What it throws is a no. */
  accepts(delivery: Delivery): unknown;
  /** The headers as the library itself signs, for those that can: Nami must accept them. */
  signs?(delivery: Delivery): Record<string, string> | Promise<Record<string, string>>;
}

const root = join(__dirname, "..", "..");

/** A module of an installed library: by its name, or a file of it. Throws when `npm test -- tools` was not run. */
export async function library<T>(name: string, file?: string): Promise<T> {
  const home = resolve(process.env.NAMI_TEST_HOME ?? join(root, ".nami", "test-home"));
  const folder = officialLibraries(home);
  if (!folder) throw new Error("the providers' libraries are not installed: node tools/test.js tools");
  const path = file
    ? join(folder, "node_modules", name, file)
    : createRequire(join(folder, "package.json")).resolve(name);
  const { load } = await import("../support/official.mjs");
  const module = await load(pathToFileURL(path).href);
  return (module.default ?? module) as T;
}
