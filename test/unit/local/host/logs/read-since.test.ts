import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSince } from "../../../../../local/host/logs/read-since";

describe("a log file that is read from a moment on", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-log-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const START = Date.UTC(2026, 0, 31);
  const lines = (count: number, text = "x".repeat(80)) =>
    Array.from(
      { length: count },
      (_, second) => `${new Date(START + second * 1000).toISOString()}\ts\t${text}${second}`,
    );
  const file = (text: string) => {
    const path = join(dir, "current.log");
    writeFileSync(path, text);
    return path;
  };

  it("has every line from that moment on, and few earlier ones", () => {
    const all = lines(20_000);
    const path = file(`${all.join("\n")}\n`);
    for (const second of [0, 1, 70, 9_999, 19_000, 19_999, 30_000]) {
      const found = readSince(path, START + second * 1000);
      assert.deepEqual(
        found.slice(-Math.max(0, 20_000 - second)),
        second < 20_000 ? all.slice(second) : found,
      );
      assert.ok(found.length <= 20_000 - Math.min(second, 20_000) + 1_500, `${found.length} of ${second}`);
    }
  });

  it("is read as a whole when its lines are longer than one chunk", () => {
    const all = lines(5, "y".repeat(200_000));
    assert.deepEqual(readSince(file(`${all.join("\n")}\n`), START + 4_000), all);
  });

  it("is empty for a missing file and for an empty one", () => {
    assert.deepEqual(readSince(join(dir, "none"), 1), []);
    assert.deepEqual(readSince(file(""), 1), []);
  });
});
