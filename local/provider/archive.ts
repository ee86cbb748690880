import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { unzipSync, type Zippable, zipSync } from "fflate";
import type { CodeInput } from "../protocol";
import { isArchive, isRecord, type Values } from "./values";

/** File contents by their path in the archive, `/`-separated. */
type Files = Map<string, Uint8Array>;

const LEVEL = 6;
const UNIX = 3;

function under(prefix: string, name: string): string {
  return prefix ? `${prefix}/${name}` : name;
}

function addFolder(files: Files, folder: string, prefix: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (statSync(path).isDirectory()) addFolder(files, path, under(prefix, entry.name));
    else files.set(under(prefix, entry.name), readFileSync(path));
  }
}

function addFileArchive(files: Files, path: string, prefix: string): void {
  if (statSync(path).isDirectory()) {
    addFolder(files, path, prefix);
    return;
  }
  if (!/\.(zip|jar)$/.test(path))
    throw new Error(`${path}: an archive is a folder or a zip file on the local target.`);
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(path)))) {
    if (!name.endsWith("/")) files.set(under(prefix, name), bytes);
  }
}

function addAsset(files: Files, asset: Values, root: string, name: string): void {
  if (typeof asset.text === "string") files.set(name, Buffer.from(asset.text));
  else if (typeof asset.path === "string") files.set(name, readFileSync(resolve(root, asset.path)));
  else
    throw new Error(
      `The asset "${name}" is neither text nor a file; remote assets are not fetched on the local target.`,
    );
}

function addArchive(files: Files, archive: Values, root: string, prefix: string): void {
  if (typeof archive.path === "string") {
    addFileArchive(files, resolve(root, archive.path), prefix);
    return;
  }
  if (!isRecord(archive.assets))
    throw new Error("An archive is a folder, a zip file or a set of assets on the local target.");
  for (const [name, part] of Object.entries(archive.assets)) {
    if (!isRecord(part)) throw new Error(`The archive's entry "${name}" is not an asset.`);
    if (isArchive(part)) addArchive(files, part, root, under(prefix, name));
    else addAsset(files, part, root, under(prefix, name));
  }
}

/** Keys may be written "./a/b.js"; a zip with `..` in it does not unpack in Lambda. */
function entryName(name: string): string {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.includes("..")) throw new Error(`The archive's entry "${name}" lies outside of the archive.`);
  return parts.join("/");
}

/**
 * The zip of an engine archive: the same bytes for the same contents, whoever makes it and when.
 * @param root folder that relative asset paths start from: the program's
 * @throws Error when a file is missing or an entry lies outside
 */
export function zipArchive(archive: Values, root: string): CodeInput {
  const files: Files = new Map();
  addArchive(files, archive, root, "");
  const entries: Zippable = {};
  // Zip knows no time zone and fflate writes local time: a local date gives the same bytes in every zone.
  const mtime = new Date(1980, 0, 1);
  const named = [...files].map(([name, bytes]) => [entryName(name), bytes] as const);
  for (const [name, bytes] of named.sort(([a], [b]) => (a < b ? -1 : 1))) {
    entries[name] = [bytes, { level: LEVEL, mtime, os: UNIX, attrs: (0o100644 << 16) >>> 0 }];
  }
  const zip = Buffer.from(zipSync(entries));
  return { zipBase64: zip.toString("base64"), sha256: createHash("sha256").update(zip).digest("base64") };
}
