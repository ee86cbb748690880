import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";

/** Characters of base64. Lambda answers at most 6 MiB, and the rest is room for its envelope. */
const MOST = 5_000_000;

/** One piece of an answer that is too large for a function: base64 of gzip of the JSON text. */
export interface Piece {
  piece: string;
  /** How many there are. */
  of: number;
  /** Of the whole text: pieces of two versions of an event do not belong together. */
  version: string;
}

/** @param number 0 … of - 1 */
export function pieceOf(text: string, number: number): Piece {
  // What is large is mostly the bytes in base64; more effort than level 1 gains little on those.
  const coded = gzipSync(text, { level: 1 }).toString("base64");
  const of = Math.ceil(coded.length / MOST);
  const version = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return { piece: coded.slice(number * MOST, (number + 1) * MOST), of, version };
}
