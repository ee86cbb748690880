import { dirname, posix, relative, resolve, sep } from "node:path";

/** What is used of a source map: https://tc39.es/ecma426/. */
export interface SourceMap {
  sources: string[];
  names: string[];
  mappings: string;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code)));
const COMMA = 44;
const SEMICOLON = 59;

/** Base 64, least significant digits first, the sign in the lowest bit. */
function encode(number: number): string {
  let text = "";
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  do {
    const digit = rest & 31;
    rest >>>= 5;
    text += DIGITS[rest > 0 ? digit | 32 : digit];
  } while (rest > 0);
  return text;
}

/** Numbers things anew in the order in which they are first asked for. */
class Numbering<T> {
  private readonly numbers = new Map<T, number>();
  readonly all: T[] = [];

  of(thing: T): number {
    const known = this.numbers.get(thing);
    if (known !== undefined) return known;
    this.numbers.set(thing, this.all.length);
    return this.all.push(thing) - 1;
  }
}

/** Writes segments: each number as the difference to the one before it, columns anew on every line. */
class Writer {
  private readonly last = [0, 0, 0, 0, 0];
  private text = "";
  private first = true;

  segment(...numbers: number[]): void {
    if (!this.first) this.text += ",";
    this.first = false;
    for (const [i, value] of numbers.entries()) {
      this.text += encode(value - this.last[i]!);
      this.last[i] = value;
    }
  }

  endLine(): void {
    this.text += ";";
    this.first = true;
    this.last[0] = 0;
  }

  /** Lines without a segment say nothing. One must follow: Node takes a lone column for one only before a separator. */
  get mappings(): string {
    return this.text.replace(/;*$/, ";");
  }
}

/** What is done with a segment: how many numbers it has, and the numbers: column, source, line, column there, name. */
type OnSegment = (count: number, numbers: readonly number[]) => void;

/** Reads the mappings of a whole bundle, a million characters, one by one: `nami dev` does so at every change. */
function read(mappings: string, onSegment: OnSegment, onLine: () => void): void {
  const numbers = [0, 0, 0, 0, 0];
  let count = 0;
  let value = 0;
  let shift = 0;
  for (let i = 0; i <= mappings.length; i++) {
    const code = i < mappings.length ? mappings.charCodeAt(i) : COMMA;
    if (code !== COMMA && code !== SEMICOLON) {
      const digit = VALUES[code]!;
      value += (digit & 31) << shift;
      shift += 5;
      if (digit & 32) continue;
      numbers[count]! += value & 1 ? -(value >> 1) : value >> 1;
      count++;
      value = shift = 0;
      continue;
    }
    if (count > 0) onSegment(count, numbers);
    count = 0;
    if (code === COMMA) continue;
    onLine();
    numbers[0] = 0;
  }
}

/** The map with what comes of some sources alone. What follows in the code and is not of them is said to have no source. */
function only(map: SourceMap, isKept: (source: string) => boolean): SourceMap {
  const sources = new Numbering<string>();
  const names = new Numbering<string>();
  const kept = map.sources.map(isKept);
  const writer = new Writer();
  let inside = false;
  const onSegment: OnSegment = (count, [column, source, line, at, name]) => {
    const ends = inside;
    inside = count > 1 && kept[source!]!;
    if (!inside) {
      if (ends) writer.segment(column!);
      return;
    }
    const from = sources.of(map.sources[source!]!);
    if (count === 5) writer.segment(column!, from, line!, at!, names.of(map.names[name!]!));
    else writer.segment(column!, from, line!, at!);
  };
  read(map.mappings, onSegment, () => writer.endLine());
  return { sources: sources.all, names: names.all, mappings: writer.mappings };
}

/** The folder that all of the files lie below. */
function sharedFolder(files: string[]): string {
  let folder = dirname(files[0]!);
  while (!files.every((file) => file.startsWith(folder.endsWith(sep) ? folder : folder + sep)))
    folder = dirname(folder);
  return folder;
}

/**
 * The comment with the map of a bundle that ends it: of the user's own files alone, for a stack of anything else says
 * nothing to a person, and named from the folder they share, so that the same files give the same bytes anywhere.
 * @param folder what the map's sources are relative to
 * @param isUsers whether a file, by its whole path, is the user's own
 */
export function userSourceMap(text: string, folder: string, isUsers: (file: string) => boolean): string {
  const whole = (source: string) => resolve(folder, source);
  // A source with a scheme is none of a file: what a plugin has made.
  const isFile = (source: string) => !/^[\w-]{2,}:/.test(source);
  const map = only(JSON.parse(text) as SourceMap, (source) => isFile(source) && isUsers(whole(source)));
  if (map.sources.length === 0) return "";
  const folderOfAll = sharedFolder(map.sources.map(whole));
  // "index.ts" alone says nothing: there is one before the queue and one after it.
  const bare = map.sources.some((source) => /^index\.\w+$/.test(relative(folderOfAll, whole(source))));
  const shared = bare ? dirname(folderOfAll) : folderOfAll;
  const sources = map.sources.map((source) => relative(shared, whole(source)).split(sep).join(posix.sep));
  const json = JSON.stringify({ version: 3, sources, names: map.names, mappings: map.mappings });
  return `//# sourceMappingURL=data:application/json;base64,${Buffer.from(json).toString("base64")}\n`;
}
