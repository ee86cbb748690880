import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { AwsError } from "../../../../../local/host/aws-error";
import { createSchedules } from "../../../../../local/host/schedules";
import type { InvokeResult, RuleSpec, Schedules } from "../../../../../local/host/services";
import { MovableClock } from "../../../../support/functions";

const MINUTE = 60_000;
const RULE: RuleSpec = {
  name: "orders-watchdog",
  arn: "arn:aws:events:us-east-1:000000000000:rule/orders-watchdog",
  region: "us-east-1",
  everyMs: MINUTE,
  enabled: true,
};

describe("the schedules of the host", () => {
  let clock: MovableClock;
  let schedules: Schedules;
  let invoked: { name: string; event: Record<string, unknown> }[];
  let asked: string[];
  let denied: boolean;
  let answer: InvokeResult | Error;
  let lines: string[];

  const functions = {
    authorizeInvoke(name: string, service: string, arn: string) {
      asked.push(`${service} ${arn} ${name}`);
      if (denied) throw new AwsError("AccessDeniedException", "no permission lets it");
    },
    async invoke(name: string, payload: string): Promise<InvokeResult> {
      invoked.push({ name, event: JSON.parse(payload) });
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const open = () => {
    schedules = createSchedules({ functions, clock, log: (text) => lines.push(text) });
    return schedules;
  };
  beforeEach(() => {
    clock = new MovableClock();
    invoked = [];
    asked = [];
    lines = [];
    denied = false;
    answer = { payload: "null" };
    open();
  });
  afterEach(() => schedules.close());

  function put(changes: Partial<RuleSpec> = {}, target = "watchdog"): void {
    schedules.putRule({ ...RULE, ...changes });
    schedules.putTarget({ ruleName: changes.name ?? RULE.name, id: target, functionName: target });
  }
  /** Lets time go by as the host does, a look every second. */
  async function pass(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += 1000) {
      clock.time += 1000;
      schedules.run();
    }
    await turn();
  }

  it("invoke a function at their rate, with the event of AWS, in the name of their rule", async () => {
    put();
    await pass(10 * MINUTE);
    assert.equal(invoked.length, 10);
    const [{ name, event }] = invoked as [(typeof invoked)[number]];
    assert.equal(name, "watchdog");
    const { id, time, ...rest } = event;
    assert.match(String(id), /^[0-9a-f-]{36}$/);
    assert.match(String(time), /^2026-01-31T00:0[01]:\d\dZ$/);
    assert.deepEqual(rest, {
      version: "0",
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account: "000000000000",
      region: "us-east-1",
      resources: [RULE.arn],
      detail: {},
    });
    assert.equal(asked[0], `events.amazonaws.com ${RULE.arn} watchdog`);
  });

  it("pass the input of a target in place of the event", async () => {
    put();
    schedules.putTarget({ ruleName: RULE.name, id: "watchdog", functionName: "watchdog", input: '{"a":1}' });
    await pass(MINUTE);
    assert.deepEqual(invoked, [{ name: "watchdog", event: { a: 1 } }]);
  });

  it("keep their times over a change of the rule and a restart", async () => {
    put({ everyMs: 60 * MINUTE });
    await pass(60 * MINUTE);
    const first = invoked[0]!.event.time;
    schedules.close();
    open();
    put({ everyMs: 60 * MINUTE });
    await pass(30 * MINUTE);
    schedules.putRule({ ...RULE, everyMs: 60 * MINUTE });
    await pass(30 * MINUTE);
    const minute = (time: unknown) => String(time).slice(14, 19);
    assert.deepEqual(
      invoked.map(({ event }) => minute(event.time)),
      [minute(first), minute(first)],
    );
  });

  it("spread the times of many names", async () => {
    for (let i = 0; i < 20; i++) {
      const name = `rule-${i}`;
      put({ name, arn: RULE.arn.replace(RULE.name, name) }, `f${i}`);
    }
    await pass(MINUTE);
    assert.equal(invoked.length, 20);
    assert.ok(new Set(invoked.map(({ event }) => event.time)).size > 5);
  });

  it("do not make up for missed invocations", async () => {
    put();
    clock.time += 60 * MINUTE;
    schedules.run();
    await turn();
    assert.equal(invoked.length, 1);
  });

  it("invoke nothing while the rule is disabled, or without a target", async () => {
    put({ enabled: false });
    await pass(2 * MINUTE);
    schedules.putRule(RULE);
    await pass(MINUTE);
    assert.equal(invoked.length, 1);
    schedules.removeTarget(RULE.name, "watchdog");
    await pass(2 * MINUTE);
    assert.equal(invoked.length, 1);
  });

  it("end when their rule is removed", async () => {
    put();
    schedules.removeRule(RULE.name);
    await pass(2 * MINUTE);
    assert.deepEqual(invoked, []);
  });

  it("invoke no function without a permission for them, and say so once", async () => {
    put();
    denied = true;
    await pass(3 * MINUTE);
    assert.deepEqual(invoked, []);
    assert.deepEqual(lines, ["rule orders-watchdog -> watchdog: no permission lets it"]);
    denied = false;
    await pass(MINUTE);
    assert.equal(invoked.length, 1);
    denied = true;
    await pass(MINUTE);
    assert.equal(lines.length, 2);
  });

  it("continue after a function that fails or does not exist", async () => {
    put();
    answer = { payload: '{"errorType":"Error"}', functionError: "Unhandled" };
    await pass(MINUTE);
    answer = new AwsError("ResourceNotFoundException", "Function not found");
    await pass(MINUTE);
    assert.equal(invoked.length, 2);
    assert.deepEqual(lines, [
      'rule orders-watchdog -> watchdog: {"errorType":"Error"}',
      "rule orders-watchdog -> watchdog: Function not found",
    ]);
  });
});
