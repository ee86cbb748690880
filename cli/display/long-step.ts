import { colors, type Io, note } from "../io";

/** A step that takes minutes, told while it goes on. */
export interface LongStep {
  /** What is happening now, e.g. "310 packages built". */
  update(detail: string): void;
  /** Ends it; the text says how it went. */
  end(outcome: string): void;
}

/** Where nobody watches live, a line this often shows that it still works. Milliseconds. */
const PLAIN_INTERVAL = 15_000;
const LIVE_INTERVAL = 500;

/** "42 s", "3 min 5 s". */
export function elapsed(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * Announces a step on `io.err` and keeps saying how long it has taken: one line rewritten on a terminal,
 * a line every 15 seconds elsewhere.
 */
export function longStep(io: Io, title: string): LongStep {
  const started = io.now();
  let detail = "";
  const text = () => `${title}: ${elapsed(io.now() - started)}${detail && `, ${detail}`}`;
  const live = () => io.err.write(`\r\x1b[K${colors(io).dim(text().slice(0, Math.max(20, io.columns - 1)))}`);
  if (!io.isTTY) note(io, `${title} ...`);
  const timer = setInterval(
    () => (io.isTTY ? live() : note(io, text())),
    io.isTTY ? LIVE_INTERVAL : PLAIN_INTERVAL,
  );
  timer.unref();
  return {
    update: (next) => {
      detail = next;
    },
    end: (outcome) => {
      clearInterval(timer);
      if (io.isTTY) io.err.write("\r\x1b[K");
      note(io, `${title}: ${outcome} (${elapsed(io.now() - started)})`);
    },
  };
}
