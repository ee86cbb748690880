import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AlarmStates, alarmSchema, createAlarms } from "../../../../../local/host/alarms";
import { type Database, openDatabase } from "../../../../../local/host/database";
import { createMetrics } from "../../../../../local/host/metrics";
import type {
  AlarmSpec,
  Alarms,
  Metrics,
  Publisher,
  TopicMessage,
  Topics,
} from "../../../../../local/host/services";
import { alarmSpec, TOPIC_ARN } from "../../../../support/alarms";
import { MovableClock } from "../../../../support/functions";

const MINUTE = 60_000;

describe("the alarms of the host", () => {
  let dir: string;
  let database: Database;
  let clock: MovableClock;
  let metrics: Metrics;
  let alarms: Alarms;
  let told: { topic: string; message: TopicMessage; publisher: Publisher }[];
  let refusal: string | undefined;
  let lines: string[];
  let sample: () => void;

  const topics = {
    publish(topic: string, message: TopicMessage, publisher: Publisher) {
      if (refusal) throw new Error(refusal);
      told.push({ topic, message, publisher });
    },
  } as Topics;

  function open(everyMs?: number): void {
    metrics = createMetrics(clock);
    alarms = createAlarms({
      metrics,
      topics,
      states: new AlarmStates(database),
      clock,
      sample: () => sample(),
      log: (text) => lines.push(text),
      ...(everyMs ? { everyMs } : {}),
    });
  }
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-alarms-"));
    database = openDatabase(join(dir, "host.db"), [alarmSchema]);
    clock = new MovableClock();
    told = [];
    lines = [];
    refusal = undefined;
    sample = () => {};
    open();
  });
  afterEach(() => {
    alarms.close();
    database.close();
    rmSync(dir, { recursive: true });
  });

  /** As the host's stop and start do it: measurements are gone, states are kept. */
  function restart(...specs: AlarmSpec[]): void {
    alarms.close();
    open();
    for (const spec of specs) alarms.put(spec, { restored: true });
  }
  const measure = (value: number) => metrics.metric(alarmSpec().metric).add(value);
  const look = (seconds = 0) => {
    clock.time += seconds * 1000;
    alarms.evaluate();
    return alarms.list()[0]!;
  };
  const subjects = () => told.map(({ message }) => message.subject);

  it("start in INSUFFICIENT_DATA, say why, and stay there without data", () => {
    alarms.put(alarmSpec());
    const { state, reason, since } = look(120);
    assert.deepEqual([state, reason], ["INSUFFICIENT_DATA", "Unchecked: Initial alarm creation"]);
    assert.equal(since, clock.time - 120_000);
  });

  it("change to ALARM at once when the running minute breaches, and notify the topic once", () => {
    alarms.put(alarmSpec({ description: "Events that could not be stored" }));
    measure(1);
    const { state, reason, since } = look(5);
    assert.equal(state, "ALARM");
    assert.match(reason, /^Threshold Crossed: 1 out of the last 1 datapoints/);
    assert.equal(since, clock.time);
    look(5);
    assert.equal(told.length, 1);
    const { topic, message, publisher } = told[0]!;
    assert.equal(topic, TOPIC_ARN);
    assert.deepEqual(publisher, { service: "cloudwatch.amazonaws.com", sourceArn: alarmSpec().arn });
    assert.equal(message.subject, 'ALARM: "dead-letters" in us-east-1');
    for (const line of [
      "- Description: Events that could not be stored",
      "- State Change: INSUFFICIENT_DATA -> ALARM",
      `- Reason for State Change: ${reason}`,
      "- Dimensions: [Name = orders]",
    ]) {
      assert.ok(message.text.includes(line), line);
    }
  });

  it("return to OK, and notify the topics of that state", () => {
    const okTopic = `${TOPIC_ARN}-ok`;
    alarms.put(
      alarmSpec({
        treatMissingData: "notBreaching",
        actions: { OK: [okTopic], ALARM: [TOPIC_ARN], INSUFFICIENT_DATA: [] },
      }),
    );
    measure(1);
    look();
    // The last datapoint is looked at again until it leaves the evaluation range.
    assert.equal(look(120).state, "ALARM");
    assert.equal(look(120).state, "OK");
    assert.deepEqual(
      told.map(({ topic }) => topic),
      [TOPIC_ARN, okTopic],
    );
  });

  it("notify nobody while their actions are disabled, or without a topic", () => {
    alarms.put(alarmSpec({ actionsEnabled: false }));
    alarms.put(alarmSpec({ name: "silent", actions: { OK: [], ALARM: [], INSUFFICIENT_DATA: [] } }));
    measure(1);
    look();
    assert.deepEqual(
      alarms.list().map(({ state }) => state),
      ["ALARM", "ALARM"],
    );
    assert.deepEqual(told, []);
  });

  it("report a failed notification until the next one succeeds", () => {
    alarms.put(
      alarmSpec({ treatMissingData: "notBreaching", actions: { ...alarmSpec().actions, OK: [TOPIC_ARN] } }),
    );
    refusal = "Resource: a is not authorized to perform: SNS:Publish on resource: b";
    measure(1);
    const failure = `Failed to execute action ${TOPIC_ARN}. Received error: "${refusal}"`;
    assert.equal(look().actionError, failure);
    assert.deepEqual(lines, [`alarm dead-letters: ${failure}`]);
    refusal = undefined;
    const { state, actionError } = look(300);
    assert.deepEqual([state, actionError], ["OK", undefined]);
  });

  it("keep their state when they are changed, and disappear when they are removed", () => {
    alarms.put(alarmSpec());
    measure(1);
    look();
    const changed = clock.time + 1000;
    clock.time = changed;
    alarms.put(alarmSpec({ threshold: 100 }));
    const [status] = alarms.list();
    assert.deepEqual([status!.state, status!.configuredAt], ["ALARM", changed]);
    alarms.remove(alarmSpec().arn);
    assert.deepEqual(alarms.list(), []);
    alarms.put(alarmSpec());
    assert.equal(alarms.list()[0]!.state, "INSUFFICIENT_DATA");
  });

  it("are evaluated by the host itself, again and again", async () => {
    alarms.close();
    open(5);
    alarms.put(alarmSpec());
    measure(1);
    while (alarms.list()[0]!.state !== "ALARM") await sleep(5);
    clock.time += 4 * MINUTE;
    while (alarms.list()[0]!.state !== "INSUFFICIENT_DATA") await sleep(5);
  });

  it("sample the queues before they are evaluated", () => {
    alarms.put(alarmSpec());
    sample = () => measure(1);
    assert.equal(look().state, "ALARM");
  });

  it("survive a measurement that fails, and evaluate again", () => {
    alarms.put(alarmSpec());
    sample = () => {
      throw new Error("disk full");
    };
    look();
    look();
    assert.equal(lines.length, 1);
    assert.match(lines[0]!, /alarms are not evaluated: .*disk full/);
    sample = () => measure(1);
    assert.equal(look().state, "ALARM");
  });

  describe("after a restart of the host", () => {
    it("keep their state, and notify nobody again", () => {
      const spec = alarmSpec();
      alarms.put(spec);
      measure(1);
      const before = look();
      restart(spec);
      measure(1);
      assert.deepEqual(look(5), before);
      assert.equal(told.length, 1);
    });

    it("ignore the minutes that the host forgot for as long as they are in range", () => {
      const spec = alarmSpec({ treatMissingData: "notBreaching" });
      alarms.put(spec);
      measure(1);
      look();
      restart(spec);
      assert.equal(look(60).state, "ALARM");
      assert.equal(look(60).state, "ALARM");
      assert.equal(look(180).state, "OK");
    });

    it("count their own measurements at once", () => {
      const spec = alarmSpec({
        evaluationPeriods: 3,
        datapointsToAlarm: 1,
        treatMissingData: "notBreaching",
      });
      alarms.put(spec);
      assert.equal(look(600).state, "OK");
      restart(spec);
      measure(1);
      assert.equal(look(1).state, "ALARM");
    });

    it("start in INSUFFICIENT_DATA when no state was stored", () => {
      restart(alarmSpec());
      assert.equal(look(1).state, "INSUFFICIENT_DATA");
    });

    it("keep the error of a notification, and the time of their last change", () => {
      const spec = alarmSpec();
      alarms.put(spec);
      refusal = "Topic does not exist";
      measure(1);
      const before = look();
      clock.time += MINUTE;
      restart(spec);
      assert.deepEqual(alarms.list()[0], before);
      assert.match(before.actionError!, /Topic does not exist/);
    });
  });

  it("notify all their topics, even when one refuses", () => {
    const actions = { OK: [], ALARM: ["arn:refuses", TOPIC_ARN], INSUFFICIENT_DATA: [] };
    alarms.put(alarmSpec({ actions }));
    const publish = topics.publish;
    topics.publish = (topic, ...rest) => {
      if (topic === "arn:refuses") throw new Error("no");
      publish(topic, ...rest);
    };
    measure(1);
    assert.match(look().actionError!, /arn:refuses/);
    topics.publish = publish;
    assert.deepEqual(subjects(), ['ALARM: "dead-letters" in us-east-1']);
  });
});
