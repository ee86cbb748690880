import * as v from "valibot";
import { nearest } from "./did-you-mean";
import type { Option, SecretReference } from "./options";

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** What stands for a secret that is already in the stack's config. With a NUL in it, no command line can hold it. */
export const STORED_SECRET = "\u0000stored";

/** "90s", "15m", "12h", "4d" or plain seconds → seconds; undefined when it is none of these. */
export function seconds(text: string): number | undefined {
  const match = /^(\d{1,9})([smhd]?)$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * SECONDS[(match[2] || "s") as keyof typeof SECONDS];
}

/** "14d" → 14: what is kept for whole days. */
export function days(text: string): number {
  return (seconds(text) ?? 0) / SECONDS.d;
}

/** Seconds → the shortest text that `seconds` reads back: 1209600 → "14d". */
export function durationText(value: number): string {
  const unit = (["d", "h", "m"] as const).find((each) => value > 0 && value % SECONDS[each] === 0) ?? "s";
  return `${value / SECONDS[unit]}${unit}`;
}

/** `@-`, `env:NAME`, `file:PATH` → where the secret is; undefined for everything else, a plain value above all. */
export function secretReference(text: string): SecretReference | undefined {
  if (text === "@-") return { from: "stdin" };
  if (text === STORED_SECRET) return { from: "config" };
  const [, from, rest] = /^(env|file):(.+)$/s.exec(text) ?? [];
  if (from === "env") return { from, name: rest! };
  if (from === "file") return { from, path: rest! };
  return undefined;
}

/** What may be given, for help, docs and refusals: "128..10240 MB", "1m..14d", "local or aws". */
export function range(option: Option): string {
  const { kind, min, max, unit } = option;
  // Of many, the list has a place of its own.
  if (kind === "choice" && option.choices!.length > 20) return `a name of \`nami ${option.name} list\``;
  if (kind === "choice") return option.choices!.join(" or ");
  if (kind === "integer") return `${min}..${max}${unit ? ` ${unit}` : ""}`;
  if (kind === "duration") return `${durationText(min!)}..${durationText(max!)}`;
  if (kind === "secret") return "@-, env:NAME or file:PATH";
  if (kind === "file") return "a .ts, .js, .mjs or .cjs file";
  return `like ${option.example}`;
}

const within = (option: Option, read: (text: string) => number | undefined, message: string) =>
  v.pipe(
    v.string(),
    v.transform(read),
    v.number(message),
    v.minValue(option.min!, message),
    v.maxValue(option.max!, message),
  );

const integer = (text: string) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined);

/** One option's check, and the way from what was typed to its resolved value. */
function schemaOf(option: Option): v.GenericSchema<string, unknown> {
  switch (option.kind) {
    case "choice":
      return v.pipe(v.string(), v.picklist(option.choices!, `must be ${range(option)}`));
    case "integer":
      return within(option, integer, `must be a whole number, ${range(option)}`);
    case "duration":
      return within(option, seconds, `must be a duration such as 90s, 15m, 12h or 4d, ${range(option)}`);
    case "text":
      return v.pipe(v.string(), v.regex(option.pattern!, `must look like ${option.example}`));
    case "secret":
      return v.pipe(
        v.string(),
        v.transform(secretReference),
        v.custom<SecretReference>(
          (reference) => reference !== undefined,
          `is a secret and not taken from the command line: give ${range(option)}`,
        ),
      );
    case "file":
      return v.pipe(v.string(), v.regex(/\.(ts|js|mjs|cjs)$/, `must be ${range(option)}`));
  }
}

/** One typed value → its resolved value, or why not. The value of a refused secret is never repeated. */
export function parseOption(
  option: Option,
  written: string | number,
): { value: unknown } | { message: string } {
  const result = v.safeParse(schemaOf(option), String(written).trim());
  if (result.success) return { value: result.output };
  const got = option.kind === "secret" ? "" : `, not "${written}"`;
  const meant = option.choices && nearest(String(written).trim().toLowerCase(), option.choices);
  const question = meant ? `; did you mean ${meant}?` : "";
  return { message: `${result.issues[0].message}${got}${question}` };
}
