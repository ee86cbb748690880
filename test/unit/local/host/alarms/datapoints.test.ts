import assert from "node:assert/strict";
import { datapoints } from "../../../../../local/host/alarms/datapoints";
import { createMetrics } from "../../../../../local/host/metrics";
import type { AlarmSpec, Metrics } from "../../../../../local/host/services";
import { alarmSpec } from "../../../../support/alarms";
import { MovableClock } from "../../../../support/functions";

const MINUTE = 60_000;

describe("the datapoints of an alarm", () => {
  let clock: MovableClock;
  let metrics: Metrics;
  let started: number;
  beforeEach(() => {
    clock = new MovableClock();
    started = clock.time;
    metrics = createMetrics(clock);
  });

  /** One list of samples a minute; the clock then stands 30 s into the last one. */
  function measure(...minutes: number[][]): void {
    for (const [at, values] of minutes.entries()) {
      clock.time = started + at * MINUTE + 30_000;
      for (const value of values) metrics.metric(alarmSpec().metric).add(value);
    }
  }
  const points = (changes: Partial<AlarmSpec> = {}) => datapoints(alarmSpec(changes), metrics, clock.time);
  const values = (changes: Partial<AlarmSpec> = {}) => points(changes).map(({ value }) => value);

  it("number two more than are evaluated, oldest first, in whole minutes", () => {
    measure([1], [2], [3], [4], [5], []);
    assert.deepEqual(values(), [3, 4, 5]);
    assert.deepEqual(values({ evaluationPeriods: 3 }), [1, 2, 3, 4, 5]);
    assert.deepEqual(
      points().map(({ start }) => (start - started) / MINUTE),
      [2, 3, 4],
    );
  });

  it("are missing where nothing was measured", () => {
    measure([0], [], [0], []);
    assert.deepEqual(values(), [0, undefined, 0]);
  });

  const statistics: [AlarmSpec["statistic"], number][] = [
    ["Sum", 9],
    ["Average", 3],
    ["Maximum", 6],
    ["Minimum", 1],
    ["SampleCount", 3],
  ];
  for (const [statistic, expected] of statistics) {
    it(`are computed as the ${statistic} of their period`, () => {
      measure([], [], [2, 6, 1], []);
      assert.equal(values({ statistic, threshold: 100 }).at(-1), expected);
    });
  }

  const comparisons: [AlarmSpec["comparisonOperator"], boolean[]][] = [
    ["GreaterThanOrEqualToThreshold", [false, true, true]],
    ["GreaterThanThreshold", [false, false, true]],
    ["LessThanThreshold", [true, false, false]],
    ["LessThanOrEqualToThreshold", [true, true, false]],
  ];
  for (const [comparisonOperator, expected] of comparisons) {
    it(`breach the threshold when they are ${comparisonOperator}`, () => {
      measure([1], [2], [3], []);
      const found = points({ comparisonOperator, threshold: 2 }).map(({ breaching }) => breaching);
      assert.deepEqual(found, expected);
    });
  }

  it("move on with each minute when their period is longer", () => {
    measure([1], [1], [1], [1], [1], [1], [1], []);
    const spec = { period: 120, threshold: 100 };
    assert.deepEqual(values(spec), [2, 2, 2]);
    clock.time += MINUTE;
    assert.deepEqual(values(spec), [2, 2, 1]);
  });

  describe("of the running minute", () => {
    const last = (changes: Partial<AlarmSpec>) => (points(changes).at(-1)!.start - started) / MINUTE;
    const cases: [string, Partial<AlarmSpec>, counts: boolean][] = [
      ["a sum that is over already", { statistic: "Sum", threshold: 4 }, true],
      ["a sum that is not over yet", { statistic: "Sum", threshold: 6 }, false],
      ["a maximum", { statistic: "Maximum", threshold: 5 }, true],
      ["a number of samples", { statistic: "SampleCount", threshold: 1 }, true],
      [
        "a minimum that is under",
        { statistic: "Minimum", threshold: 6, comparisonOperator: "LessThanThreshold" },
        true,
      ],
      ["a minimum that is over", { statistic: "Minimum", threshold: 4 }, false],
      ["an average, which may still change", { statistic: "Average", threshold: 4 }, false],
      ["a sum that is too small so far", { threshold: 6, comparisonOperator: "LessThanThreshold" }, false],
    ];
    for (const [what, changes, counts] of cases) {
      it(`${counts ? "count" : "do not count"} ${what}`, () => {
        measure([0], [0], [0], [5]);
        assert.equal(last(changes), counts ? 3 : 2);
      });
    }
  });
});
