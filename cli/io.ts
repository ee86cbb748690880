import pc from "picocolors";

/** Where text goes. */
export interface Writer {
  write(text: string): unknown;
}

/** All that the CLI sees of the world; only bin/nami makes one of the real process. */
export interface Io {
  /** Facts and results. */
  out: Writer;
  /** Progress, questions, errors. */
  err: Writer;
  stdin: NodeJS.ReadableStream;
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** A person sits before it: live view, colour, questions. */
  isTTY: boolean;
  columns: number;
  /** Milliseconds since 1970. */
  now(): number;
  /** Aborted by the first Ctrl+C. */
  signal: AbortSignal;
}

/** Writes one line to `io.out`. */
export function line(io: Io, text = ""): void {
  io.out.write(`${text}\n`);
}

/** Writes one line to `io.err`. */
export function note(io: Io, text = ""): void {
  io.err.write(`${text}\n`);
}

/** Writes a value as JSON to `io.out`: what `--json` prints. */
export function json(io: Io, value: unknown): void {
  io.out.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Aborted once whoever read our output has gone (`| head`): the rest is for nobody. */
export function unread({ out }: Pick<Io, "out">): AbortSignal {
  const controller = new AbortController();
  if ("once" in out) (out as NodeJS.WritableStream).once("error", () => controller.abort());
  return controller.signal;
}

/** Colours on a terminal, plain text elsewhere or with NO_COLOR. */
export function colors(io: Io): ReturnType<typeof pc.createColors> {
  return pc.createColors(io.isTTY && !io.env.NO_COLOR && io.env.TERM !== "dumb");
}

/**
 * The Io of a process. The first SIGINT or SIGTERM aborts `signal`, the second one ends the process at once:
 * Pulumi's own child has had its SIGINT by then.
 */
export function processIo(proc: NodeJS.Process): Io {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) proc.exit(130);
    controller.abort();
  };
  proc.on("SIGINT", stop);
  proc.on("SIGTERM", stop);
  return {
    out: proc.stdout,
    err: proc.stderr,
    stdin: proc.stdin,
    env: proc.env,
    cwd: proc.cwd(),
    isTTY: Boolean(proc.stdout.isTTY && proc.stderr.isTTY),
    columns: proc.stdout.columns || 100,
    now: Date.now,
    signal: controller.signal,
  };
}
