import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSince } from "../../../../../local/host/logs/read-since";

describe("a log file, from a moment on", () => {
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

  it("has every line of that moment on, and little more", () => {
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

  it("has all where lines are longer than what is looked at", () => {
    const all = lines(5, "y".repeat(200_000));
    assert.deepEqual(readSince(file(`${all.join("\n")}\n`), START + 4_000), all);
  });

  it("has nothing of no file, and of an empty one", () => {
    assert.deepEqual(readSince(join(dir, "none"), 1), []);
    assert.deepEqual(readSince(file(""), 1), []);
  });
});
