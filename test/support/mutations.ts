import { METHODS, ODD, QUERIES, TEXTS, TYPES } from "./odd-values";
import type { Parts } from "./signed";

/** What a mutation may draw. */
export class Dice {
  constructor(private readonly random: () => number) {}

  /** 0 … below − 1. */
  below(below: number): number {
    return Math.floor(this.random() * below);
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  bytes(most: number): Buffer {
    return Buffer.from(Array.from({ length: this.below(most + 1) }, () => this.below(256)));
  }
}

type Mutation = (parts: Parts, dice: Dice) => Parts;

const body =
  (change: (raw: Buffer, dice: Dice) => Buffer): Mutation =>
  (parts, dice) => ({ ...parts, body: change(parts.body, dice) });

const header =
  (change: (value: string, dice: Dice, parts: Parts) => string): Mutation =>
  (parts, dice) => {
    const name = dice.of(["x-none", ...Object.keys(parts.headers)]);
    return {
      ...parts,
      headers: { ...parts.headers, [name]: change(parts.headers[name] ?? "", dice, parts) },
    };
  };

const spliced = (raw: Buffer, at: number, drop: number, put: Buffer) =>
  Buffer.concat([raw.subarray(0, at), put, raw.subarray(at + drop)]);

const BODIES: Mutation[] = [
  body((raw, dice) => {
    const copy = Buffer.from(raw);
    if (copy.length > 0) copy[dice.below(copy.length)]! ^= 1 << dice.below(8);
    return copy;
  }),
  body((raw, dice) => spliced(raw, dice.below(raw.length + 1), 0, dice.bytes(3))),
  body((raw, dice) => spliced(raw, dice.below(raw.length + 1), 1 + dice.below(4), Buffer.alloc(0))),
  body((raw, dice) => raw.subarray(0, dice.below(raw.length + 1))),
  body((raw) => Buffer.concat([raw, raw])),
  body((raw, dice) => Buffer.concat([raw, Buffer.from(dice.of([" ", "\n", "\0", "}"]))])),
  body(() => Buffer.alloc(0)),
  body((_, dice) => dice.bytes(200)),
  body((_, dice) => Buffer.from(JSON.stringify(dice.of(ODD)))),
  body((_, dice) => Buffer.from(`a=${dice.below(99)}&b=%20&a=${dice.of(TEXTS)}`)),
  body((raw, dice) => changedJson(raw, dice)),
  body((raw, dice) => changedJson(raw, dice)),
];

const HEADERS: Mutation[] = [
  header((value, dice) => spliced2(value, dice.below(value.length + 1), dice.below(3), dice.of(TEXTS))),
  header((_, dice) => dice.of(TEXTS)),
  header((value) => `${value},${value}`),
  header((value) => value.toUpperCase()),
  header((value) => ` ${value} `),
  header((value, dice) => value.repeat(2 + dice.below(400)).slice(0, 20_000)),
  header((_, dice) => dice.bytes(80).toString("base64")),
  header((_, dice) => dice.bytes(80).toString("hex")),
  header((_, dice, { headers }) => dice.of(["", ...Object.values(headers)])),
  (parts, dice) => {
    const { [dice.of(["x-none", ...Object.keys(parts.headers)])]: _, ...headers } = parts.headers;
    return { ...parts, headers };
  },
  (parts, dice) => ({ ...parts, headers: { ...parts.headers, "content-type": dice.of(TYPES) } }),
  (parts, dice) => ({ ...parts, method: dice.of(METHODS) }),
  (parts, dice) => ({ ...parts, query: dice.of(QUERIES) }),
];

/** Where a scheme puts nothing between a time and a body, a digit may change sides. */
const SHIFTS: Mutation[] = [
  (parts) => {
    const name = Object.keys(parts.headers).find((each) => /timestamp/.test(each));
    const value = name && parts.headers[name]!;
    if (!value) return parts;
    const headers = { ...parts.headers, [name]: value.slice(0, -1) };
    return { ...parts, headers, body: Buffer.concat([Buffer.from(value.slice(-1)), parts.body]) };
  },
];

function spliced2(text: string, at: number, drop: number, put: string): string {
  return text.slice(0, at) + put + text.slice(at + drop);
}

/** The JSON with another value at one place of it. */
function changedJson(raw: Buffer, dice: Dice): Buffer {
  try {
    const data: unknown = JSON.parse(raw.toString());
    let at = data as Record<string, unknown>;
    for (;;) {
      const name = dice.of(Object.keys(at));
      const inner = at[name];
      if (typeof inner === "object" && inner !== null && Object.keys(inner).length > 0 && dice.below(4) > 0)
        at = inner as Record<string, unknown>;
      else {
        at[name] = dice.of(ODD);
        return Buffer.from(JSON.stringify(data));
      }
    }
  } catch {
    return raw;
  }
}

export function mutated(parts: Parts, dice: Dice): Parts {
  return dice.of(dice.of([BODIES, HEADERS, HEADERS, SHIFTS]))(parts, dice);
}
