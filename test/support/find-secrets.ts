import { lstatSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import { unzipSync } from "fflate";
import { filesUnder } from "./files-under";

/** A secret and what it is called in a test's complaint, which must not repeat it. */
export interface Secret {
  name: string;
  value: string;
}

/** As it is, as part of a URL, and as part of something in base64, wherever in it. */
function forms(value: string): Buffer[] {
  const encoded = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]).toString("base64");
    // The first and the last group depend on what stands before and behind.
    return whole.slice(before === 0 ? 0 : 4, -4).replace(/=+$/, "");
  });
  return [value, encodeURIComponent(value), ...encoded].map((text) => Buffer.from(text));
}

/** What is packed in it, if it is packed. */
function unpacked(bytes: Buffer): Buffer[] {
  if (bytes.subarray(0, 4).toString("latin1") === "PK\x03\x04")
    return Object.values(unzipSync(bytes)).map((each) => Buffer.from(each));
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return [gunzipSync(bytes)];
  return [];
}

/** The names of the secrets that stand in these bytes, or in what is packed in them. */
export function secretsIn(content: Buffer | string, secrets: readonly Secret[]): string[] {
  const bytes = Buffer.from(content as string);
  const parts = [bytes, ...unpacked(bytes)];
  return secrets
    .filter(({ value }) => parts.some((part) => forms(value).some((form) => part.includes(form))))
    .map(({ name }) => name);
}

/** One file that holds secrets. */
export interface Found {
  /** Relative to the folder that was searched. */
  path: string;
  secrets: string[];
  /** Whether only its owner can read it: by its own mode, or that of a folder above it. */
  isPrivate: boolean;
}

function isPrivate(root: string, path: string): boolean {
  const parts = path.split("/");
  return parts.some((_, i) => (statSync(join(root, ...parts.slice(0, i + 1))).mode & 0o077) === 0);
}

function read(file: string): Buffer | undefined {
  try {
    return lstatSync(file).isFile() ? readFileSync(file) : undefined;
  } catch (error) {
    // Nami is at work meanwhile: what was there a moment ago may be gone.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Every file under a folder that holds one of the secrets, but for paths that `skip` matches. Links are not followed. */
export function filesWithSecrets(root: string, secrets: readonly Secret[], skip = /^$/): Found[] {
  return filesUnder(root).flatMap((file) => {
    const path = relative(root, file);
    const bytes = skip.test(path) ? undefined : read(file);
    const found = bytes ? secretsIn(bytes, secrets) : [];
    return found.length > 0 ? [{ path, secrets: found, isPrivate: isPrivate(root, path) }] : [];
  });
}
