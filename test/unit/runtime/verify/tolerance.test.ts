import assert from "node:assert/strict";
import { parseTime, type TimeUnit, timeProblem } from "../../../../runtime/verify/tolerance";

const TIME = Date.UTC(2026, 0, 2, 3, 4, 5);

describe("a signed time", () => {
  it("is read as the scheme writes it", () => {
    const cases: [string, TimeUnit, number][] = [
      [`${TIME / 1000}`, "s", TIME],
      [`${TIME / 1000}`, "any", TIME],
      [`${TIME}`, "ms", TIME],
      [`${TIME}`, "any", TIME],
      ["2026-01-02T03:04:05Z", "iso", TIME],
      ["2026-01-02T03:04:05.250Z", "any", TIME + 250],
      ["2026-01-02T05:04:05+02:00", "iso", TIME],
      ["2026-01-02T01:04:05-0200", "iso", TIME],
    ];
    for (const [text, unit, time] of cases) assert.equal(parseTime(text, unit), time, text);
  });

  it("is none without a zone, or with anything around it", () => {
    for (const text of [
      "2026-01-02T03:04:05",
      "2026-01-02",
      " 2026-01-02T03:04:05Z",
      "2026-01-02T03:04:05Z.",
      "x",
    ])
      assert.equal(parseTime(text, "iso"), undefined, text);
    for (const text of ["", "-1", "1.5", "1e9", "12345678901234567"])
      assert.equal(parseTime(text, "any"), undefined, text);
  });

  it("counts within the tolerance, on both sides", () => {
    assert.equal(timeProblem(TIME, 300, TIME + 300_000), undefined);
    assert.equal(timeProblem(TIME, 300, TIME + 301_000), "it was signed 301 s ago; 300 s are allowed");
    assert.match(timeProblem(TIME, 300, TIME - 301_000)!, /in the future/);
  });
});
