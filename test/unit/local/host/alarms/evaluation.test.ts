import assert from "node:assert/strict";
import type { Datapoint } from "../../../../../local/host/alarms/datapoints";
import { evaluate } from "../../../../../local/host/alarms/evaluation";
import { reasonOf } from "../../../../../local/host/alarms/reason";
import type { AlarmSpec } from "../../../../../local/host/services";
import { alarmSpec } from "../../../../support/alarms";

const START = Date.UTC(2026, 10, 23, 4);

/** As AWS's documentation writes them, oldest first: 0 within the threshold, X beyond it, - missing. */
function range(text: string): Datapoint[] {
  return text.split(" ").map((sign, at) => ({
    start: START + at * 60_000,
    ...(sign === "-" ? {} : { value: sign === "X" ? 5 : 0 }),
    breaching: sign === "X",
  }));
}

function stateOf(
  points: string,
  m: number,
  n: number,
  treatMissingData: AlarmSpec["treatMissingData"],
): string {
  const verdict = evaluate(range(points), { datapointsToAlarm: m, evaluationPeriods: n, treatMissingData });
  return verdict?.state ?? "kept";
}

const UNKNOWN = "INSUFFICIENT_DATA";

describe("alarm evaluation", () => {
  // missing, ignore, breaching, notBreaching
  type Row = [points: string, missing: string, ignore: string, breaching: string, notBreaching: string];
  const all = (points: string, state: string): Row => [points, state, state, state, state];

  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
  const tables: [m: number, n: number, rows: Row[]][] = [
    [
      3,
      3,
      [
        all("0 - X - X", "OK"),
        all("0 - - - -", "OK"),
        all("- - - - 0", "OK"),
        ["- - - - -", UNKNOWN, "kept", "ALARM", "OK"],
        all("0 X X - X", "ALARM"),
        ["- - X - -", "ALARM", "kept", "ALARM", "OK"],
        ["- - - - X", UNKNOWN, "kept", "ALARM", "OK"],
        ["X - - - -", "ALARM", "kept", "ALARM", "OK"],
      ],
    ],
    [
      2,
      3,
      [
        all("0 - X - X", "ALARM"),
        all("0 0 X 0 X", "ALARM"),
        ["0 - X - -", "OK", "OK", "ALARM", "OK"],
        ["- - - - 0", "OK", "OK", "ALARM", "OK"],
        ["- - - - X", UNKNOWN, "kept", "ALARM", "OK"],
        ["- - - X -", "ALARM", "kept", "ALARM", "OK"],
      ],
    ],
    // Beyond the documentation's own tables.
    [
      1,
      1,
      [
        all("0 0 X", "ALARM"),
        all("X X 0", "OK"),
        // The last known one counts until it leaves the range.
        all("X - -", "ALARM"),
        all("0 - -", "OK"),
        ["- - -", UNKNOWN, "kept", "ALARM", "OK"],
      ],
    ],
    [1, 3, [all("- - - - X", "ALARM"), all("X X 0 0 0", "OK"), all("X X X 0 0", "ALARM")]],
    [
      3,
      3,
      [all("X X X X X", "ALARM"), all("X X X X 0", "OK"), ["- - - X X", UNKNOWN, "kept", "ALARM", "OK"]],
    ],
  ];
  for (const [m, n, rows] of tables) {
    for (const [points, ...states] of rows) {
      it(`of ${m} out of ${n} over ${points} results in ${states.join(", ")}`, () => {
        const found = (["missing", "ignore", "breaching", "notBreaching"] as const).map((treat) =>
          stateOf(points, m, n, treat),
        );
        assert.deepEqual(found, states);
      });
    }
  }

  describe("gives the reason of CloudWatch", () => {
    const reason = (points: string, changes: Partial<AlarmSpec> = {}) => {
      const spec = alarmSpec({ evaluationPeriods: 3, datapointsToAlarm: 2, ...changes });
      return reasonOf(evaluate(range(points), spec)!, spec);
    };

    it("for an ALARM: the breaching datapoints, newest first, and how many were needed", () => {
      assert.equal(
        reason("0 0 X 0 X"),
        "Threshold Crossed: 2 out of the last 3 datapoints [5.0 (23/11/26 04:04:00), 5.0 (23/11/26 04:02:00)] " +
          "were greater than or equal to the threshold (1.0) (minimum 2 datapoints for OK -> ALARM transition).",
      );
    });

    it("for an OK: the datapoints that did not breach", () => {
      const changes = {
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
        comparisonOperator: "LessThanThreshold",
      } as const;
      assert.equal(
        reason("0", { ...changes, threshold: 0.5 }),
        "Threshold Crossed: 1 out of the last 1 datapoints [0.0 (23/11/26 04:00:00)] was not less than the threshold (0.5) " +
          "(minimum 1 datapoint for ALARM -> OK transition).",
      );
    });

    it("for missing datapoints that were filled in", () => {
      assert.match(
        reason("- - - - 0", { treatMissingData: "breaching" }),
        /^Threshold Crossed: .* 2 missing datapoints were treated as \[Breaching\]\.$/,
      );
      assert.equal(
        reason("- - - - -", { treatMissingData: "notBreaching" }),
        "Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [NonBreaching].",
      );
    });

    it("for a breach that alone is not enough", () => {
      assert.equal(
        reason("- - - - X", { treatMissingData: "notBreaching" }),
        "Threshold Crossed: 2 missing datapoints were treated as [NonBreaching].",
      );
    });

    it("for a range without any datapoint", () => {
      assert.equal(reason("- - - - -"), "Insufficient Data: 3 datapoints were unknown.");
    });
  });
});
