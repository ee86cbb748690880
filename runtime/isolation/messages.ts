import type { MessageMeta } from "../message";

/** The word on the command line of a process that runs user code alone. */
export const ISOLATED = "nami:isolated";

/** Passed to the process on its command line, as JSON. No secrets: other users can read a command line. */
export interface ProcessSettings {
  name: string;
  database: string;
}

/** One event to run the user's code on. */
export interface Run {
  /** Told with the result. */
  run: number;
  meta: MessageMeta;
  raw: Buffer;
  attempts: number;
  /** Milliseconds since the epoch. */
  now: number;
}

/** What a process says of itself. `document` is BSON, without `raw`. */
export type Said =
  | { says: "ready" }
  | { says: "done"; run: number; kind: "event" | "deadLetter"; document: Buffer }
  | { says: "failed"; run: number; reason: string; stack?: string };
