import assert from "node:assert/strict";
import timers from "node:timers/promises";
import type { KeptStack } from "../../../../cli/deployments/state";
import type { Progress } from "../../../../cli/display/progress";
import type { Io } from "../../../../cli/io";
import { drain } from "../../../../cli/lifecycle/drain";
import { emptyQueue, type TakingDown } from "../../../../cli/lifecycle/empty-queue";
import { type Operated, Operator } from "../../../../cli/operate/operator";
import { capturedIo } from "../../../support/captured-io";

type Counts = [visible: number, inFlight?: number, delayed?: number];

/** An operator that counts as a test says, one look after the other, and time that only moves while one waits. */
class FakeOperator {
  private readonly real = { ...Object.getOwnPropertyDescriptors(Operator.prototype) };
  private readonly realSleep = timers.setTimeout;
  deadLetters = 0;
  mappingState = "Enabled";
  looks = 0;
  now = 0;

  constructor(private readonly counts: Counts[]) {
    Operator.prototype.queues = async () => {
      const [visible, inFlight = 0, delayed = 0] = this.counts[Math.min(this.looks++, counts.length - 1)]!;
      const deadLetters = { visible: this.deadLetters, inFlight: 0, delayed: 0 };
      return { queue: { visible, inFlight, delayed }, deadLetters };
    };
    Operator.prototype.mapping = async () => ({ state: this.mappingState, lastResult: "" });
    Operator.prototype.watch = async () => ({
      health: { answers: true } as never,
      state: this.mappingState,
      pause: { by: null },
      did: "nothing",
    });
    timers.setTimeout = (async (milliseconds: number) => {
      this.now += milliseconds;
    }) as unknown as typeof timers.setTimeout;
  }

  restore(): void {
    Object.defineProperties(Operator.prototype, this.real);
    timers.setTimeout = this.realSleep;
  }
}

const progress = { phase: () => {}, step: () => {}, say: () => {} } as unknown as Progress;

describe("before a name goes down", () => {
  let operator: FakeOperator;
  const counting = (...counts: Counts[]) => {
    operator = new FakeOperator(counts);
    return operator;
  };
  afterEach(() => operator.restore());

  const io = (): Io => ({ ...capturedIo(), now: () => operator.now });
  const drained = (seconds = 60) =>
    drain({ io: io(), deployment: { target: "local", mappingId: "m" } as Operated, progress, seconds });

  it("its queue is empty when it was counted empty twice in a row, and the most that waited is told", async () => {
    counting([1], [2], [0], [1], [0], [0], [9]);
    assert.deepEqual(await drained(), { queued: 0, deadLetters: 0, waited: 2, failed: 0 });
    assert.equal(operator.looks, 6);
  });

  it("what is in flight or delayed still waits", async () => {
    counting([0, 1], [0, 0, 1], [0, 0], [0, 0]);
    assert.equal((await drained()).waited, 1);
    assert.equal(operator.looks, 4);
  });

  it("the time for the queue ends, and what is left is told", async () => {
    counting([3]);
    operator.deadLetters = 1;
    assert.deepEqual(await drained(3), { queued: 3, deadLetters: 1, waited: 3, failed: 0 });
  });

  it("what becomes a dead letter meanwhile is counted apart from what is stored", async () => {
    counting([20], [20], [5], [0], [0]);
    operator.deadLetters = 2;
    const queues = Operator.prototype.queues;
    Operator.prototype.queues = async () => {
      if (operator.looks > 1) operator.deadLetters = 17;
      return queues.call({} as Operator);
    };
    assert.deepEqual(await drained(), { queued: 0, deadLetters: 17, waited: 20, failed: 15 });
  });

  it("nothing is waited for when nobody takes anything out of the queue", async () => {
    counting([3]);
    operator.mappingState = "Disabled";
    assert.equal((await drained()).queued, 3);
    assert.equal(operator.looks, 1);
  });

  const resource = (type: string, suffix: string) => ({
    type,
    urn: `urn:pulumi:orders::nami::${type}::nami-orders-${suffix}`,
    id: `https://sqs/${suffix}`,
    inputs: {},
    outputs: {},
  });
  const stack = {
    project: "nami",
    stack: "orders",
    outputs: { url: "https://x/orders" },
    resources: [
      resource("aws:sqs/queue:Queue", "queue"),
      resource("aws:sqs/queue:Queue", "dead-letters"),
      resource("aws:lambda/eventSourceMapping:EventSourceMapping", "mapping"),
      resource("aws:apigatewayv2/route:Route", "route"),
    ],
  } as unknown as KeptStack;
  const emptied = () => {
    const args = { name: "orders", discard: false, drainTimeout: 60 };
    const bench = { home: "/nowhere", target: "aws" };
    return emptyQueue(
      { args, bench, io: io(), progress, region: "us-east-1" } as unknown as TakingDown,
      stack,
    );
  };

  it("dead letters refuse it, before the way in is closed", async () => {
    counting([0]);
    operator.deadLetters = 2;
    await assert.rejects(emptied(), { code: "DEAD_LETTERS_LEFT", message: /holds 2: / });
    assert.equal(operator.looks, 1);
  });

  it("events that wait behind a worker that somebody has turned off refuse it", async () => {
    counting([4]);
    operator.mappingState = "Disabled";
    await assert.rejects(emptied(), {
      code: "DELIVERY_PAUSED",
      message: /^4 events of orders .*turned .* off/,
    });
  });
});
