import { dirname, posix, relative, resolve, sep } from "node:path";

/** What is used of a source map: https://tc39.es/ecma426/. */
export interface SourceMap {
  sources: string[];
  names: string[];
  mappings: string;
}

/** Column, and for what has a source: source, line, column there; perhaps a name. Counted from 0. */
type Segment = [column: number, source?: number, line?: number, at?: number, name?: number];

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));

/** Numbers of one segment: base 64, least significant digits first, the sign in the lowest bit. */
function decode(text: string): number[] {
  const numbers: number[] = [];
  for (let i = 0, value = 0, shift = 0; i < text.length; i++) {
    const digit = VALUES.get(text[i]!)!;
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}

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

/** Each number is written as the difference to the one before it; columns begin anew on every line. */
function readMappings(mappings: string): Segment[][] {
  const last = [0, 0, 0, 0, 0];
  return mappings.split(";").map((line) => {
    last[0] = 0;
    const texts = line === "" ? [] : line.split(",");
    return texts.map((text) => decode(text).map((delta, i) => (last[i]! += delta)) as Segment);
  });
}

function writeMappings(lines: Segment[][]): string {
  const last = [0, 0, 0, 0, 0];
  const text = (segment: Segment) =>
    segment.map((value, i) => {
      const delta = value! - last[i]!;
      last[i] = value!;
      return encode(delta);
    });
  return lines
    .map((line) => {
      last[0] = 0;
      return line.map((segment) => text(segment).join("")).join(",");
    })
    .join(";");
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

/** The map with what comes of some sources alone. What follows in the code and is not of them is said to have no source. */
function only(map: SourceMap, isKept: (source: string) => boolean): SourceMap {
  const sources = new Numbering<string>();
  const names = new Numbering<string>();
  const kept = map.sources.map(isKept);
  let inside = false;
  const lines = readMappings(map.mappings).map((segments) =>
    segments.flatMap((segment): Segment[] => {
      const [column, source, line, at, name] = segment;
      const ends = inside;
      inside = source !== undefined && kept[source]!;
      if (!inside) return ends ? [[column]] : [];
      const from = sources.of(map.sources[source!]!);
      return [
        name === undefined ? [column, from, line, at] : [column, from, line, at, names.of(map.names[name]!)],
      ];
    }),
  );
  return { sources: sources.all, names: names.all, mappings: writeMappings(lines) };
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
  const shared = sharedFolder(map.sources.map(whole));
  const sources = map.sources.map((source) => relative(shared, whole(source)).split(sep).join(posix.sep));
  const json = JSON.stringify({ version: 3, sources, names: map.names, mappings: map.mappings });
  return `//# sourceMappingURL=data:application/json;base64,${Buffer.from(json).toString("base64")}\n`;
}
