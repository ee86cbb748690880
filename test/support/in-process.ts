import { join } from "node:path";
import { Readable } from "node:stream";
import type { Io } from "../../cli/io";
import { built } from "./built";

/** What a command printed and how it ended. */
export interface Result {
  code: number | null;
  out: string;
  err: string;
  ms: number;
}

interface Call {
  env: Record<string, string>;
  cwd: string;
  input?: string;
}

type Main = (argv: readonly string[], io: Io) => Promise<number>;

let main: Main | undefined;
let running = false;

/** The command line as it is shipped: what it starts (the host, its sandboxes) must not carry a compiler. */
function load(): Main {
  main ??= (require(join(built(), "cli", "main.js")) as { main: Main }).main;
  return main;
}

/** Whether a command runs in this process now: working directory and environment are its own for so long. */
export function isBusy(): boolean {
  return running;
}

/**
 * mocha takes an error that nobody caught for a failure of the running test. In bin/nami nobody listens but Nami and
 * Pulumi; so it is here, for as long as a command runs. Answers what puts mocha's listeners back.
 */
function asideOfMocha(): () => void {
  const events = ["unhandledRejection", "uncaughtException"] as const;
  const listeners = events.map((event) => [event, process.listeners(event as "exit")] as const);
  for (const event of events) process.removeAllListeners(event);
  return () => {
    for (const [event, before] of listeners) {
      process.removeAllListeners(event);
      for (const listener of before) process.on(event, listener);
    }
  };
}

/**
 * Turns source maps off, as in the shipped build: Pulumi captures a stack for every promise, and mapping each of them
 * takes a third of an `up`. Returns a function that turns them on again for the tests.
 */
function withoutSourceMaps(): () => void {
  process.setSourceMapsEnabled(false);
  return () => process.setSourceMapsEnabled(true);
}

/** The environment of this process is the command's; answers what puts the one before back. */
function withEnvironment(own: Record<string, string>): () => void {
  const before = { ...process.env };
  Object.assign(process.env, own);
  return () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  };
}

/** `main(argv, io)` in this process, as bin/nami calls it. One at a time: see `isBusy`. */
export async function inProcess(argv: readonly string[], { env, cwd, input = "" }: Call): Promise<Result> {
  const started = Date.now();
  const said = { out: "", err: "" };
  const writer = (key: "out" | "err") => ({
    write: (text: string) => {
      said[key] += text;
    },
  });
  running = true;
  const listenersBack = asideOfMocha();
  const environmentBack = withEnvironment(env);
  const sourceMapsBack = withoutSourceMaps();
  try {
    const code = await load()(argv, {
      out: writer("out"),
      err: writer("err"),
      stdin: Readable.from(input ? [Buffer.from(input)] : []),
      env: { ...process.env },
      cwd,
      isTTY: false,
      columns: 100,
      now: Date.now,
      signal: new AbortController().signal,
    });
    return { code, ...said, ms: Date.now() - started };
  } finally {
    environmentBack();
    listenersBack();
    sourceMapsBack();
    running = false;
  }
}
