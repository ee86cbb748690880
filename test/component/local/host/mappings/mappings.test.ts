import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import type { SQSEvent } from "aws-lambda";
import { AwsError } from "../../../../../local/host/aws-error";
import { createMappings, type MappingsOptions } from "../../../../../local/host/mappings";
import type {
  Functions,
  Iam,
  InvokeResult,
  MappingSpec,
  Mappings,
  QueueAttributes,
  QueueMessage,
  Queues,
} from "../../../../../local/host/services";
import { functionSpec } from "../../../../support/functions";

interface Stored extends QueueMessage {
  visibleAt: number;
}

/** A queue as far as a poller sees it; receives at most ten, wakes a long poll by a new message. */
class FakeQueue {
  stored: Stored[] = [];
  /** What no function is at work on any more, and is left. */
  failed: Stored[] = [];
  receives = 0;
  attributes = { visibilityTimeoutSeconds: 30 } as QueueAttributes;
  private wake = () => {};

  send(body: string): string {
    const messageId = `m${this.stored.length + 1}`;
    const times = { sentAt: 1_000, firstReceivedAt: 2_000, visibleAt: 0 };
    this.stored.push({
      messageId,
      receiptHandle: messageId,
      body,
      md5OfBody: "md5",
      receiveCount: 0,
      ...times,
    });
    this.wake();
    return messageId;
  }
  has(name: string): boolean {
    return name === "orders-queue";
  }
  describe() {
    return { attributes: this.attributes };
  }
  async receive(
    _: string,
    { max, waitSeconds = 0, signal }: Parameters<Queues["receive"]>[1],
  ): Promise<Stored[]> {
    this.receives++;
    const until = Date.now() + waitSeconds * 1000;
    for (;;) {
      const found = this.stored
        .filter(({ visibleAt }) => visibleAt <= Date.now())
        .slice(0, Math.min(max, 10));
      const left = until - Date.now();
      if (found.length > 0 || left <= 0 || signal?.aborted) return found.map((message) => this.hide(message));
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        signal?.addEventListener("abort", () => resolve(), { once: true });
        setTimeout(resolve, Math.min(left, 50)).unref();
      });
    }
  }
  async delete(_: string, handles: string[]): Promise<void> {
    this.stored = this.stored.filter(({ receiptHandle }) => !handles.includes(receiptHandle));
  }
  async giveBack(_: string, handles: string[]): Promise<void> {
    for (const message of this.stored.filter(({ receiptHandle }) => handles.includes(receiptHandle))) {
      message.visibleAt = Date.now();
      message.receiveCount -= 1;
    }
  }
  letGo(_: string, handles: string[]): void {
    this.failed.push(...this.stored.filter(({ receiptHandle }) => handles.includes(receiptHandle)));
  }
  bodies(): string[] {
    return this.stored.map(({ body }) => body);
  }
  private hide(message: Stored): Stored {
    message.visibleAt = Date.now() + this.attributes.visibilityTimeoutSeconds * 1000;
    message.receiveCount++;
    return { ...message };
  }
}

class FakeFunctions {
  events: SQSEvent[] = [];
  running = 0;
  most = 0;
  answer: (event: SQSEvent) => Promise<InvokeResult> | InvokeResult = () => ({ payload: "null" });
  get() {
    return functionSpec({});
  }
  async invoke(_: string, payload: string): Promise<InvokeResult> {
    const event = JSON.parse(payload) as SQSEvent;
    this.events.push(event);
    this.most = Math.max(this.most, ++this.running);
    try {
      return await this.answer(event);
    } finally {
      this.running--;
    }
  }
  bodies(): string[][] {
    return this.events.map(({ Records }) => Records.map(({ body }) => body));
  }
}

class FakeIam {
  denied = new Set<string>();
  roleIdentity(role: string, session: string) {
    return { arn: `arn:aws:sts::000000000000:assumed-role/${role}/${session}`, roleName: role };
  }
  authorize(identity: { arn: string }, action: string, resource: string): void {
    if (!this.denied.has(action)) return;
    const message = `User: ${identity.arn} is not authorized to perform: ${action} on resource: ${resource}`;
    throw new AwsError("AccessDenied", message, 403);
  }
}

/** Waits until something holds, at most two seconds. */
async function until(what: () => boolean): Promise<void> {
  for (const end = Date.now() + 2_000; !what(); await sleep(5)) ok(Date.now() < end, `never: ${what}`);
}

const SPEC: MappingSpec = {
  uuid: "u1",
  queueName: "orders-queue",
  queueArn: "arn:aws:sqs:us-east-1:000000000000:orders-queue",
  functionName: "orders",
  enabled: true,
  batchSize: 10,
  batchWindow: 0,
  maximumConcurrency: 5,
  reportBatchItemFailures: true,
};

describe("an event source mapping", () => {
  let queue: FakeQueue;
  let functions: FakeFunctions;
  let iam: FakeIam;
  let mappings: Mappings;
  let problems: string[];
  const put = (changes: Partial<MappingSpec> = {}) => mappings.put({ ...SPEC, ...changes });

  /** Milliseconds by which the clock of the mappings is ahead. */
  let laterMs: number;

  const open = (options: Partial<MappingsOptions> = {}) => {
    laterMs = 0;
    queue = new FakeQueue();
    functions = new FakeFunctions();
    iam = new FakeIam();
    problems = [];
    mappings = createMappings({
      queues: queue as unknown as Queues,
      functions: functions as unknown as Functions,
      iam: iam as unknown as Iam,
      clock: { now: () => Date.now() + laterMs },
      log: (text) => problems.push(text),
      stopGraceMs: 5_000,
      firstPauseMs: 20,
      firstRetryMs: 5,
      ...options,
    });
  };
  beforeEach(() => open());
  afterEach(() => mappings.close());

  it("hands the record of AWS on and deletes the message", async () => {
    put();
    queue.send("hello");
    await until(() => queue.stored.length === 0);
    deepStrictEqual(functions.events, [
      {
        Records: [
          {
            messageId: "m1",
            receiptHandle: "m1",
            body: "hello",
            attributes: {
              ApproximateReceiveCount: "1",
              SentTimestamp: "1000",
              SenderId: "000000000000",
              ApproximateFirstReceiveTimestamp: "2000",
            },
            messageAttributes: {},
            md5OfBody: "md5",
            eventSource: "aws:sqs",
            eventSourceARN: SPEC.queueArn,
            awsRegion: "us-east-1",
          },
        ],
      },
    ]);
    await until(() => mappings.lastResult("u1") === "OK");
  });

  it("deletes only messages that succeeded; the others wait out their visibility timeout", async () => {
    for (const body of ["a", "b", "c"]) queue.send(body);
    functions.answer = () => ({ payload: '{"batchItemFailures":[{"itemIdentifier":"m2"}]}' });
    put();
    await until(() => queue.stored.length === 1);
    deepStrictEqual(queue.bodies(), ["b"]);
    await sleep(50);
    deepStrictEqual(
      queue.failed.map(({ body }) => body),
      ["b"],
    );
    strictEqual(functions.events.length, 1);
  });

  const failures: [name: string, report: boolean, result: InvokeResult, left: number][] = [
    ["a thrown error", true, { payload: '{"errorType":"E"}', functionError: "Unhandled" }, 2],
    ["a malformed list", true, { payload: '{"batchItemFailures":[{"itemIdentifier":"zzz"}]}' }, 2],
    [
      "a list that was not asked for",
      false,
      { payload: '{"batchItemFailures":[{"itemIdentifier":"m1"}]}' },
      0,
    ],
    ["a thrown error without lists", false, { payload: "{}", functionError: "Unhandled" }, 2],
  ];
  for (const [name, reportBatchItemFailures, result, left] of failures) {
    it(`keeps ${left} of 2 messages after ${name}`, async () => {
      queue.send("a");
      queue.send("b");
      functions.answer = () => result;
      put({ reportBatchItemFailures });
      await until(() => mappings.lastResult("u1") !== "No records processed");
      strictEqual(queue.stored.length, left);
      strictEqual(mappings.lastResult("u1"), left ? "PROBLEM: Function call failed" : "OK");
    });
  }

  it("runs no more batches at once than MaximumConcurrency, and receives nothing meanwhile", async () => {
    for (let n = 0; n < 6; n++) queue.send(String(n));
    functions.answer = () => sleep(60, { payload: "null" });
    put({ batchSize: 1, maximumConcurrency: 2 });
    await sleep(30);
    strictEqual(queue.stored.filter(({ receiveCount }) => receiveCount > 0).length, 2);
    await until(() => queue.stored.length === 0);
    strictEqual(functions.most, 2);
  });

  it("gathers a large batch from several receives, within the window", async () => {
    for (let n = 0; n < 25; n++) queue.send(String(n));
    // Shorter than a mapping may ask for.
    mappings.put({ ...SPEC, batchSize: 100, batchWindow: 0.5 }, { check: false });
    setTimeout(() => queue.send("late"), 50);
    await until(() => queue.stored.length === 0);
    deepStrictEqual(
      functions.bodies().map(({ length }) => length),
      [26],
    );
  });

  it("closes a batch before the window when it is full", async () => {
    for (let n = 0; n < 24; n++) queue.send(String(n));
    put({ batchSize: 12, batchWindow: 300 });
    await until(() => queue.stored.length === 0);
    deepStrictEqual(
      functions.bodies().map(({ length }) => length),
      [12, 12],
    );
  });

  it("cuts batches at 6 MB of payload", async () => {
    for (let n = 0; n < 10; n++) queue.send("x".repeat(1_000_000));
    put();
    await until(() => queue.stored.length === 0);
    deepStrictEqual(
      functions.bodies().map(({ length }) => length),
      [6, 4],
    );
  });

  it("gives back at once, when it is removed, what it has received for the next batch", async () => {
    for (let n = 0; n < 10; n++) queue.send("x".repeat(1_000_000));
    functions.answer = () => sleep(100, { payload: "null" });
    put({ maximumConcurrency: 1 });
    await until(() => functions.events.length === 1);
    await mappings.remove("u1");
    strictEqual(queue.stored.length, 4);
    ok(queue.stored.every(({ visibleAt }) => visibleAt <= Date.now()));
  });

  it("repeats a throttled call until the visibility timeout, then leaves the messages", async () => {
    queue.send("a");
    const throttled = () => Promise.reject(new AwsError("TooManyRequestsException", "Rate Exceeded.", 429));
    functions.answer = () => (functions.events.length < 3 ? throttled() : { payload: "null" });
    put();
    await until(() => queue.stored.length === 0);
    strictEqual(functions.events.length, 3);
    await mappings.remove("u1");
    functions.answer = throttled;
    queue.send("b");
    put();
    await until(() => functions.events.length > 5);
    laterMs = queue.attributes.visibilityTimeoutSeconds * 1000;
    await until(
      () => mappings.lastResult("u1") === "PROBLEM: Function call was throttled until the visibility timeout",
    );
    deepStrictEqual(queue.bodies(), ["b"]);
  }).timeout(10_000);

  it("receives nothing while it is disabled, and goes on when it is enabled", async () => {
    put({ enabled: false });
    queue.send("a");
    await sleep(50);
    strictEqual(queue.receives, 0);
    put();
    await until(() => queue.stored.length === 0);
    put({ enabled: false });
    await sleep(10);
    queue.send("b");
    await sleep(50);
    deepStrictEqual(queue.bodies(), ["b"]);
  });

  it("waits with one receiver while there is nothing to do", async () => {
    put();
    await sleep(150);
    strictEqual(queue.receives, 1);
  });

  it("ends the batches in flight before it is removed", async () => {
    functions.answer = () => sleep(100, { payload: "null" });
    put();
    queue.send("a");
    await until(() => functions.running === 1);
    await mappings.remove("u1");
    deepStrictEqual(queue.bodies(), []);
  });

  it("waits for no batch that hangs, and leaves its messages to be received at once", async () => {
    open({ stopGraceMs: 50 });
    functions.answer = () => new Promise(() => {});
    put();
    queue.send("a");
    await until(() => functions.running === 1);
    const before = Date.now();
    await mappings.remove("u1");
    ok(Date.now() - before < 2_000);
    ok(queue.stored[0]!.visibleAt <= Date.now());
    strictEqual(queue.stored[0]!.receiveCount, 0);
  });

  it("deletes nothing for a batch that ends after its messages were given back", async () => {
    open({ stopGraceMs: 50 });
    let end = () => {};
    functions.answer = () =>
      new Promise((resolve) => {
        end = () => resolve({ payload: "null" });
      });
    put();
    queue.send("a");
    await until(() => functions.running === 1);
    await mappings.remove("u1");
    end();
    await until(() => functions.running === 0);
    await sleep(10);
    deepStrictEqual(queue.bodies(), ["a"]);
  });

  it("names the action that a role may no longer do, and goes on when it may again", async () => {
    put();
    await sleep(20);
    iam.denied.add("sqs:ReceiveMessage");
    queue.send("a");
    await until(() => mappings.lastResult("u1").startsWith("PROBLEM"));
    match(
      mappings.lastResult("u1"),
      /^PROBLEM: AccessDenied: .*awslambda is not authorized to perform: sqs:ReceiveMessage/,
    );
    strictEqual(functions.events.length, 0);
    deepStrictEqual(problems.length, 1);
    iam.denied.clear();
    await until(() => queue.stored.length === 0);
  });

  it("leaves a message in the queue that its role may not delete", async () => {
    put();
    functions.answer = () => {
      iam.denied.add("sqs:DeleteMessage");
      return { payload: "null" };
    };
    queue.send("a");
    await until(() => mappings.lastResult("u1").startsWith("PROBLEM"));
    match(mappings.lastResult("u1"), /sqs:DeleteMessage/);
    deepStrictEqual(queue.bodies(), ["a"]);
  });

  const refusals: [name: string, prepare: () => Partial<MappingSpec> | undefined, message: RegExp][] = [
    [
      "a role that may not receive",
      () => void iam.denied.add("sqs:ReceiveMessage"),
      /^The provided execution role does not have permissions to call ReceiveMessage on SQS/,
    ],
    [
      "a role that may not delete",
      () => void iam.denied.add("sqs:DeleteMessage"),
      /does not have permissions to call DeleteMessage on SQS/,
    ],
    [
      "too short a visibility timeout",
      () => void Object.assign(queue.attributes, { visibilityTimeoutSeconds: 2 }),
      /^Queue visibility timeout: 2 seconds is less than Function timeout: 3 seconds$/,
    ],
    [
      "a large batch without a window",
      () => ({ batchSize: 11 }),
      /^Maximum batch window in seconds must be greater than 0/,
    ],
    ["a queue that is not there", () => ({ queueName: "gone" }), /NonExistentQueue/],
  ];
  for (const [name, prepare, message] of refusals) {
    it(`is refused with ${name}, except for what was there before a restart`, () => {
      const spec = { ...SPEC, ...prepare() };
      throws(
        () => mappings.put(spec),
        (error: AwsError) => error.code === "InvalidParameterValueException" && message.test(error.message),
      );
      strictEqual(mappings.get("u1"), undefined);
      mappings.put({ ...spec, enabled: false }, { check: false });
      ok(mappings.get("u1"));
    });
  }
});
