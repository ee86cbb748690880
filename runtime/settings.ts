import type { Success, VerifySettings } from "./verify/preset";

/** What the program writes into a function's code: JSON, no secret. Secrets come as environment variables. */
export interface PreQueueSettings {
  /** Name of the deployment. */
  name: string;
  /** UTF-8 bytes of a whole queue message; SQS allows 1,048,576. */
  maxMessageBytes: number;
  verification: VerifySettings;
  /** What is answered for a queued event, where it is not what the preset says. */
  success?: Success;
}

export interface StoreSettings {
  name: string;
  /** MongoDB database that holds `events` and `dead_letters`. */
  database: string;
}

export interface PostQueueSettings extends StoreSettings {
  /** How long stored events are kept, counted from when they came in; absent: for ever. */
  keepSeconds?: number;
  /** Isolates the first try of an event, too: it is also the last (`--max-receives 1`). */
  isolateFirst?: boolean;
}

export type OperatorSettings = Omit<PostQueueSettings, "isolateFirst">;
export type WatchdogSettings = Pick<StoreSettings, "name">;

/** Throws when the function was deployed without a variable it cannot work without. */
export function requiredVariable(name: string, env: NodeJS.ProcessEnv = process.env): string {
  const value = env[name];
  if (!value) throw new Error(`The environment variable ${name} is not set.`);
  return value;
}
