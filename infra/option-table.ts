/**
 * THE option schema. Flags, environment variables, stack config, help and docs/options.md are derived from this table.
 * Pure data: `nami help` and `nami ls` load it, so it imports nothing. To be read through options.ts.
 */

export type OptionKind = "choice" | "integer" | "duration" | "text" | "secret" | "file";

/**
 * "place": where a name lives; chosen by its first `up`, refused when it changes, known to all three projects.
 * "pipeline": may change with any `up`.
 */
export type OptionScope = "place" | "pipeline";

interface Common {
  scope: OptionScope;
  /** One sentence for help and docs. */
  text: string;
}

export type Declared = Common &
  (
    | { kind: "choice"; choices: readonly string[]; default: string }
    | { kind: "integer"; unit?: string; default: number; min: number; max: number }
    /** Bounds in seconds; a person types "90s", "15m", "12h", "4d", or plain seconds. */
    | { kind: "duration"; unit: "s"; default: string; min: number; max: number }
    /** `example` shows what the pattern wants. */
    | { kind: "text"; default: string; pattern: RegExp; example: string }
    /** Given as `@-` (standard input), `env:NAME` or `file:PATH`, never as the value itself. */
    | { kind: "secret" }
    | { kind: "file" }
  );

const MINUTE = 60;
const DAY = 86_400;

export const table = {
  target: {
    kind: "choice",
    choices: ["local", "aws"],
    default: "local",
    scope: "place",
    text: "Where the pipeline runs: on this machine, or in your AWS account.",
  },
  region: {
    kind: "text",
    default: "us-east-1",
    pattern: /^[a-z]{2}(-[a-z]+)+-\d$/,
    example: "eu-central-1",
    scope: "place",
    text: "AWS region; on this machine only a part of names and ARNs.",
  },
  preQueueMemory: {
    kind: "integer",
    unit: "MB",
    default: 256,
    min: 128,
    max: 10_240,
    scope: "pipeline",
    text: "Memory of the pre-queue function, which answers the sender.",
  },
  preQueueTimeout: {
    kind: "duration",
    unit: "s",
    default: "10s",
    min: 1,
    max: 29,
    scope: "pipeline",
    text: "Longest time the pre-queue function may take for one webhook; the gateway itself gives up after 30s.",
  },
  postQueueMemory: {
    kind: "integer",
    unit: "MB",
    default: 512,
    min: 128,
    max: 10_240,
    scope: "pipeline",
    text: "Memory of the post-queue function, which stores the events.",
  },
  postQueueTimeout: {
    kind: "duration",
    unit: "s",
    default: "30s",
    min: 1,
    max: 900,
    scope: "pipeline",
    text: "Longest time the post-queue function may take for one batch; a failed event is tried again after six times this, plus the batch window.",
  },
  concurrency: {
    kind: "integer",
    default: 5,
    min: 2,
    max: 1000,
    scope: "pipeline",
    text: "How many batches are stored at the same time (MaximumConcurrency of the event source mapping).",
  },
  batchSize: {
    kind: "integer",
    unit: "events",
    default: 10,
    min: 1,
    max: 10_000,
    scope: "pipeline",
    text: "Most events the post-queue function gets at once; above 10 needs a batch window.",
  },
  batchWindow: {
    kind: "duration",
    unit: "s",
    default: "0s",
    min: 0,
    max: 300,
    scope: "pipeline",
    text: "How long to wait for a batch to fill.",
  },
  maxReceives: {
    kind: "integer",
    default: 5,
    min: 1,
    max: 1000,
    scope: "pipeline",
    text: "How often an event is tried before it moves to the dead-letter queue.",
  },
  retention: {
    kind: "duration",
    unit: "s",
    default: "4d",
    min: MINUTE,
    max: 14 * DAY,
    scope: "pipeline",
    text: "How long the queue keeps an event that could not be stored.",
  },
  deadLetterRetention: {
    kind: "duration",
    unit: "s",
    default: "14d",
    min: MINUTE,
    max: 14 * DAY,
    scope: "pipeline",
    text: "How long the dead-letter queue keeps an event, counted from when it first came in.",
  },
  mongoUri: {
    kind: "secret",
    scope: "pipeline",
    text: "A MongoDB of your own to store in, instead of the one Nami runs; it must be reachable from the functions.",
  },
  mongoPort: {
    kind: "integer",
    default: 27_017,
    min: 1,
    max: 65_535,
    scope: "pipeline",
    text: "Port of the MongoDB that Nami runs; on this machine a free one is chosen by the first `nami up`.",
  },
  preQueue: {
    kind: "file",
    scope: "pipeline",
    text: "Your code before the queue: may drop an event or answer the sender.",
  },
  postQueue: {
    kind: "file",
    scope: "pipeline",
    text: "Your code after the queue: may change an event before it is stored, have it tried again, or give it up.",
  },
} as const satisfies Record<string, Declared>;
