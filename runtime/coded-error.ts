/** One line of an error catalogue. `hint` is a command to run or the one thing to change. */
export interface ErrorEntry {
  /** 1 expected failure, 2 usage, 70 bug, 130 cancelled. */
  exitCode: 1 | 2 | 70 | 130;
  /** What happened; `{field}` is replaced by the value given when it is thrown. */
  message: string;
  /** What to do next; the same placeholders. */
  hint: string;
}

/** An error a person is meant to read: a code to search for, what happened, what to run. */
export class CodedError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly hint: string,
    readonly exitCode: number,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = "CodedError";
    // Pulumi's SDK writes the path of properties before the message of what is thrown while it computes them.
    Object.defineProperty(this, "message", { get: () => message, set: () => {} });
  }
}

type Values = Record<string, string | number>;

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (_, key: string) => String(values[key] ?? `{${key}}`));
}

/**
 * Makes the throwing half of a catalogue: `fail("NAME_INVALID", { name })` builds the error.
 * Each folder above the runtime has one catalogue, `errors.ts`; docs/errors.md is generated from them.
 */
export function errorMaker<C extends Record<string, ErrorEntry>>(catalogue: C) {
  return (code: keyof C & string, values: Values = {}, cause?: unknown): CodedError => {
    const entry = catalogue[code]!;
    return new CodedError(
      code,
      fill(entry.message, values),
      fill(entry.hint, values).trim(),
      entry.exitCode,
      {
        cause,
      },
    );
  };
}
