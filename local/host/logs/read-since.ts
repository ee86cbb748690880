import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";

/** What is read at once when looking for a place. Bytes. */
const CHUNK = 65_536;
/** How far the machine's clock may have been put back between two lines. Milliseconds. */
const SLACK = 60_000;
/** Of the time a line begins with. */
const TIME_LENGTH = 24;

function readAt(fd: number, at: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(fd, buffer, 0, length, at));
}

/** Where the first whole line after `at` begins, and its time; undefined when there is none near. */
function lineAfter(fd: number, at: number): { start: number; time: number } | undefined {
  const chunk = readAt(fd, at, CHUNK);
  const end = chunk.indexOf(10);
  const time = Date.parse(chunk.toString("latin1", end + 1, end + 1 + TIME_LENGTH));
  return end < 0 || Number.isNaN(time) ? undefined : { start: at + end + 1, time };
}

/**
 * The lines of a log file that were written from `since` on, and some before: whoever follows a log asks several times
 * a second, and must not have all of it read each time.
 */
export function readSince(file: string, since: number): string[] {
  if (!existsSync(file)) return [];
  const fd = openSync(file, "r");
  try {
    const { size } = fstatSync(fd);
    let from = 0;
    for (let to = size; to - from > CHUNK; ) {
      const middle = Math.floor((from + to) / 2);
      const found = lineAfter(fd, middle);
      if (!found) break;
      if (found.time < since - SLACK) from = found.start;
      else to = middle;
    }
    return readAt(fd, from, size - from)
      .toString("utf8")
      .split("\n")
      .slice(0, -1);
  } finally {
    closeSync(fd);
  }
}
