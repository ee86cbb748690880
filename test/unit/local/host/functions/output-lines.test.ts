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

describe("the lines of a function's output", () => {
  it("become one event each, wherever the pipe cut them", () => {
    assert.deepEqual(read("one\ntw", "o\n", "three\n"), ["one", "two", "three"]);
  });

  it("keep a character together that was cut in two", () => {
    const bytes = Buffer.from("grün\n");
    assert.deepEqual(read(bytes.subarray(0, 3), bytes.subarray(3)), ["grün"]);
  });

  it("skip empty lines, and take a last line without its end", () => {
    assert.deepEqual(read("\n\na\n\n", "b"), ["a", "b"]);
  });

  it("are cut when one does not end", () => {
    const lines = read("x".repeat(1_048_576), "y".repeat(10));
    assert.deepEqual(
      lines.map(({ length }) => length),
      [1_048_576, 10],
    );
  });

  it("wait only a moment for the end of a line", async () => {
    const lines: string[] = [];
    new OutputLines((line) => lines.push(line)).push(Buffer.from("prompt: "));
    while (lines.length === 0) await sleep(10);
    assert.deepEqual(lines, ["prompt: "]);
  });
});
