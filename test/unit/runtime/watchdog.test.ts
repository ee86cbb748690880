import assert from "node:assert/strict";
import { metricLine } from "../../../runtime/metric-line";
import type { Health } from "../../../runtime/operator-actions";
import { metricsOf } from "../../../runtime/watchdog";
import { look, type Pause, round } from "../../../runtime/watchdog-round";
import { recordedLog } from "../../support/recorded-log";

const NOW = Date.UTC(2026, 10, 22, 12);
const UP: Health = { answers: true, diskUsedPercent: 40 };
const DOWN: Health = { answers: false, reason: "MongoDB at h did not answer" };

/** A mapping, a parameter and a MongoDB that answers as `healths` say, the last one from then on. */
function lab(state: string, pause: Pause, ...healths: Health[]) {
  return busyLab(false, state, pause, ...healths);
}

/** @param isBusy another change of the mapping is under way */
function busyLab(isBusy: boolean, state: string, pause: Pause, ...healths: Health[]) {
  const { log, lines } = recordedLog();
  const calls: string[] = [];
  const world = { state, pause };
  return {
    calls,
    lines,
    world,
    ports: {
      health: async () => (healths.length > 1 ? healths.shift()! : healths[0]!),
      mapping: async () => ({ state: world.state }),
      setEnabled: async (enabled: boolean) => {
        calls.push(enabled ? "enable" : "disable");
        if (!isBusy) world.state = enabled ? "Enabled" : "Disabled";
        return !isBusy;
      },
      pause: async () => world.pause,
      setPause: async (next: Pause) => {
        calls.push(`pause by ${next.by}`);
        world.pause = next;
      },
      sleep: async (ms: number) => void calls.push(`sleep ${ms}`),
      now: () => NOW,
      log,
    },
  };
}

const NOBODY: Pause = { by: null };
const OURS: Pause = { by: "watchdog", reason: "MongoDB has not answered yet" };

describe("a round of the watchdog", () => {
  const quiet: [what: string, state: string, pause: Pause, health: Health][] = [
    ["MongoDB answers and the worker works", "Enabled", NOBODY, UP],
    ["somebody else has stopped the worker", "Disabled", NOBODY, UP],
    ["MongoDB is down and the worker stopped by it", "Disabled", OURS, DOWN],
    ["MongoDB is down and the worker stopped by somebody else", "Disabled", NOBODY, DOWN],
    ["the mapping is just being made", "Creating", OURS, UP],
    ["the mapping is on its way to a stop", "Disabling", OURS, UP],
    ["the host and the mapping are being replaced", "Missing", OURS, DOWN],
  ];
  for (const [what, state, pause, health] of quiet)
    it(`does nothing when ${what}`, async () => {
      const { ports, calls, world } = lab(state, pause, health);
      const report = await round(ports);
      assert.equal(report.did, "nothing");
      assert.deepEqual(
        calls.filter((call) => !call.startsWith("sleep")),
        [],
      );
      assert.deepEqual(world, { state, pause });
    });

  it("stops the worker when MongoDB does not answer twice, and writes down why before", async () => {
    const { ports, calls, world, lines } = lab("Enabled", NOBODY, DOWN);
    const report = await round(ports);
    assert.equal(report.did, "paused");
    assert.deepEqual(calls, ["sleep 5000", "pause by watchdog", "disable"]);
    assert.deepEqual(world.pause, { by: "watchdog", reason: DOWN.reason, since: "2026-11-22T12:00:00.000Z" });
    assert.equal(lines[0]?.fields.code, "PAUSED");
  });

  it("does not stop the worker for one answer that is missing", async () => {
    const { ports, calls } = lab("Enabled", NOBODY, DOWN, UP);
    assert.equal((await round(ports)).did, "nothing");
    assert.deepEqual(calls, ["sleep 5000"]);
  });

  it("starts what it has stopped when MongoDB answers again", async () => {
    const { ports, calls, world } = lab("Disabled", OURS, UP);
    assert.equal((await round(ports)).did, "resumed");
    assert.deepEqual(calls, ["enable", "pause by null"]);
    assert.deepEqual(world, { state: "Enabled", pause: NOBODY });
  });

  it("finishes a round that ended between its two steps", async () => {
    const stopping = lab("Enabled", OURS, DOWN);
    assert.equal((await round(stopping.ports)).did, "paused");
    assert.equal(stopping.world.state, "Disabled");
    const starting = lab("Enabled", OURS, UP);
    assert.equal((await round(starting.ports)).did, "resumed");
    assert.deepEqual(starting.world, { state: "Enabled", pause: NOBODY });
    assert.ok(!starting.calls.includes("enable"));
  });

  it("leaves a mapping that is just being changed to the next round, and is of the same mind then", async () => {
    const stopping = busyLab(true, "Enabled", NOBODY, DOWN);
    assert.equal((await round(stopping.ports)).did, "nothing");
    assert.equal(stopping.world.pause.by, "watchdog");
    const starting = busyLab(true, "Disabled", OURS, UP);
    assert.equal((await round(starting.ports)).did, "nothing");
    assert.deepEqual(starting.world, { state: "Disabled", pause: OURS });
  });

  it("only looks when it is asked to", async () => {
    const { ports, calls } = lab("Enabled", NOBODY, DOWN);
    assert.deepEqual(await look(ports), { health: DOWN, state: "Enabled", pause: NOBODY, did: "nothing" });
    assert.deepEqual(calls, []);
  });
});

describe("the measurement of the watchdog", () => {
  const report = { health: UP, state: "Enabled", pause: NOBODY, did: "nothing" as const };

  it("tells whether MongoDB answers, whether the worker is stopped, and how full the disk is", () => {
    const values = (metrics: ReturnType<typeof metricsOf>) => metrics.map(({ name, value }) => [name, value]);
    assert.deepEqual(values(metricsOf(report)), [
      ["MongoAnswers", 1],
      ["DeliveryPaused", 0],
      ["MongoDiskUsed", 40],
    ]);
    assert.deepEqual(values(metricsOf({ ...report, health: DOWN, state: "Disabled" })), [
      ["MongoAnswers", 0],
      ["DeliveryPaused", 1],
    ]);
  });

  it("is one line of JSON in CloudWatch's embedded metric format", () => {
    const line = metricLine("Nami/orders", [{ name: "DeliveryPaused", unit: "Count", value: 1 }], NOW);
    assert.deepEqual(JSON.parse(line), {
      _aws: {
        Timestamp: NOW,
        CloudWatchMetrics: [
          {
            Namespace: "Nami/orders",
            Dimensions: [[]],
            Metrics: [{ Name: "DeliveryPaused", Unit: "Count" }],
          },
        ],
      },
      DeliveryPaused: 1,
    });
    assert.ok(!line.includes("\n"));
  });
});
