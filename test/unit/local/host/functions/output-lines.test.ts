import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { OutputLines } from "../../../../../local/host/functions/output-lines";

function read(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const output = new OutputLines((line) => lines.push(line));
  for (const chunk of chunks) output.push(Buffer.from(chunk as string));
  output.end();
  return lines;
}

describe("lines of a function's output", () => {
  it("are one event each, wherever the pipe cut them", () => {
    assert.deepEqual(read("one\ntw", "o\n", "three\n"), ["one", "two", "three"]);
  });

  it("keep a character together that was cut in two", () => {
    const bytes = Buffer.from("grün\n");
    assert.deepEqual(read(bytes.subarray(0, 3), bytes.subarray(3)), ["grün"]);
  });

  it("leave out empty ones, and take the last one without its end", () => {
    assert.deepEqual(read("\n\na\n\n", "b"), ["a", "b"]);
  });

  it("are cut when there is no end to one", () => {
    const lines = read("x".repeat(1_048_576), "y".repeat(10));
    assert.deepEqual(
      lines.map(({ length }) => length),
      [1_048_576, 10],
    );
  });

  it("wait only a moment for a line's end", async () => {
    const lines: string[] = [];
    new OutputLines((line) => lines.push(line)).push(Buffer.from("prompt: "));
    while (lines.length === 0) await sleep(10);
    assert.deepEqual(lines, ["prompt: "]);
  });
});
