import type { Io } from "../../cli/io";

/** An Io of a test's own: what is written is kept, PATH has the system's programs only. */
export interface CapturedIo extends Io {
  /** All that was written so far, results and notes in their order. */
  said(): string;
  /** Only the results. */
  results(): string;
  /** As the first Ctrl+C does. */
  cancel(): void;
}

export function capturedIo(more: Partial<Io> = {}): CapturedIo {
  const controller = new AbortController();
  let all = "";
  let results = "";
  const err = {
    write: (text: string) => {
      all += text;
    },
  };
  const out = {
    write: (text: string) => {
      all += text;
      results += text;
    },
  };
  return {
    out,
    err,
    stdin: process.stdin,
    env: { PATH: "/usr/bin:/bin" },
    cwd: process.cwd(),
    isTTY: false,
    columns: 100,
    now: Date.now,
    signal: controller.signal,
    said: () => all,
    results: () => results,
    cancel: () => controller.abort(),
    ...more,
  };
}
