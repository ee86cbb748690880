import assert from "node:assert/strict";
import type { QueueAttributes } from "../../../../../local/host/services";
import { ATTRIBUTES, type QueueRoom, queueRoom } from "../../../../support/local-aws";

const DEAD_ARN = "arn:aws:sqs:us-east-1:000000000000:dead";
const DAY = 86_400;

describe("the queues of the host", () => {
  let room: QueueRoom;
  const put = (name: string, attributes: Partial<QueueAttributes> = {}) =>
    room.queues.put(name, { ...ATTRIBUTES, ...attributes });
  const receive = (name: string, max = 10) => room.queues.receive(name, { max });
  const bodies = async (name: string) => (await receive(name)).map((message) => message.body);

  beforeEach(() => {
    room = queueRoom();
    put("q");
  });
  afterEach(() => room.close());

  it("count visible, in-flight and delayed messages, and tell the age of the oldest", async () => {
    await Promise.all(["a", "b", "c"].map((body) => room.queues.send("q", body)));
    await room.queues.send("q", "later", { delaySeconds: 60 });
    await receive("q", 1);
    room.clock.advance(12);
    assert.deepEqual(room.queues.counts("q"), { visible: 2, inFlight: 1, delayed: 1, oldestSeconds: 12 });
    room.clock.advance(60);
    assert.deepEqual(room.queues.counts("q"), { visible: 4, inFlight: 0, delayed: 0, oldestSeconds: 72 });
  });

  it("keep messages, receive counts, visibility, handles and settings over a restart", async () => {
    await room.queues.send("q", "a", {
      messageAttributes: { kind: { DataType: "String", StringValue: "x" } },
    });
    await room.queues.send("q", "b", { delaySeconds: 900 });
    const [first] = await receive("q");
    room.restart();
    assert.deepEqual(room.queues.counts("q"), { visible: 0, inFlight: 1, delayed: 1, oldestSeconds: 0 });
    room.clock.advance(30);
    const [second] = await receive("q");
    assert.equal(second?.messageId, first?.messageId);
    assert.equal(second?.receiveCount, 2);
    assert.deepEqual(second?.messageAttributes, { kind: { DataType: "String", StringValue: "x" } });
    room.restart();
    await room.queues.delete("q", [second!.receiptHandle]);
    assert.deepEqual(room.queues.counts("q"), { visible: 0, inFlight: 0, delayed: 1, oldestSeconds: 30 });
    assert.deepEqual(room.queues.names(), ["q"]);
  });

  it("gives back what is in hand after each of ten restarts, visible at once and with its receive count", async () => {
    for (const body of ["in hand", "failed", "of another receiver"]) await room.queues.send("q", body);
    await room.queues.send("q", "delayed", { delaySeconds: 900 });
    const [, failed] = await room.queues.receive("q", { max: 2, inHand: true });
    await receive("q");
    room.queues.letGo("q", [failed!.receiptHandle]);
    for (let restarts = 0; restarts < 10; restarts++) {
      room.restart();
      const waiting = room.queues.receive("q", { max: 10, waitSeconds: 20, inHand: true });
      room.queues.giveBackAll("q");
      const again = await waiting;
      assert.deepEqual(
        again.map(({ body, receiveCount, firstReceivedAt }) => [body, receiveCount, firstReceivedAt]),
        [["in hand", 1, room.clock.now()]],
      );
      assert.deepEqual(room.queues.counts("q"), { visible: 0, inFlight: 3, delayed: 1, oldestSeconds: 0 });
    }
    room.clock.advance(30);
    assert.deepEqual((await receive("q")).map(({ body, receiveCount }) => [body, receiveCount]).sort(), [
      ["failed", 2],
      ["in hand", 2],
      ["of another receiver", 2],
    ]);
    // Received again since by somebody else: it is in no function's hands.
    room.queues.giveBackAll("q");
    assert.equal(room.queues.counts("q").inFlight, 3);
  });

  it("gives back one receive, and none that is not the last of its message", async () => {
    await room.queues.send("q", "a");
    const [first] = await room.queues.receive("q", { max: 1, inHand: true });
    room.clock.advance(30);
    const [second] = await room.queues.receive("q", { max: 1, inHand: true });
    await room.queues.giveBack("q", [first!.receiptHandle]);
    room.queues.letGo("q", [first!.receiptHandle]);
    assert.equal(room.queues.counts("q").inFlight, 1);
    await room.queues.giveBack("q", [second!.receiptHandle]);
    const [third] = await receive("q");
    assert.equal(third?.receiveCount, 2);
    assert.equal(third?.firstReceivedAt, first?.firstReceivedAt);
  });

  it("forgets that a message was in hand when it goes to the dead letters", async () => {
    put("dead");
    put("q", { redrive: { deadLetterTargetArn: DEAD_ARN, maxReceiveCount: 1 } });
    await room.queues.send("q", "a");
    await room.queues.receive("q", { max: 1, inHand: true });
    room.clock.advance(30);
    assert.deepEqual(await receive("q"), []);
    room.queues.giveBackAll("dead");
    const [dead] = await receive("dead");
    assert.equal(dead?.receiveCount, 2);
  });

  it("deletes nothing by a handle of an earlier receive", async () => {
    await room.queues.send("q", "x");
    const [first] = await receive("q");
    room.clock.advance(30);
    const [second] = await receive("q");
    await room.queues.delete("q", [first!.receiptHandle]);
    assert.equal(room.queues.counts("q").inFlight, 1);
    await room.queues.delete("q", [second!.receiptHandle]);
    assert.equal(room.queues.counts("q").inFlight, 0);
  });

  it("never delete another message by an old handle after a restart", async () => {
    await room.queues.send("q", "a");
    const [message] = await receive("q");
    await room.queues.delete("q", [message!.receiptHandle]);
    room.restart();
    await room.queues.send("q", "b");
    await receive("q");
    await room.queues.delete("q", [message!.receiptHandle]);
    assert.equal(room.queues.counts("q").inFlight, 1);
  });

  it("redrive a message at the receive after its last: id, send time and attributes stay, its age in the queue starts again", async () => {
    put("dead");
    put("q", { redrive: { deadLetterTargetArn: DEAD_ARN, maxReceiveCount: 2 } });
    const { messageId } = await room.queues.send("q", "x", {
      messageAttributes: { a: { DataType: "String", StringValue: "1" } },
    });
    const sentAt = room.clock.now();
    for (let i = 0; i < 2; i++) {
      assert.equal((await receive("q")).length, 1);
      room.clock.advance(30);
      assert.equal(room.queues.counts("dead").visible, 0);
    }
    assert.deepEqual(await receive("q"), []);
    room.clock.advance(5);
    assert.equal(room.queues.counts("dead").oldestSeconds, 5);
    assert.equal(room.queues.counts("q").oldestSeconds, 0);
    const [dead] = await receive("dead");
    assert.deepEqual([dead?.messageId, dead?.sentAt, dead?.deadLetterSource], [messageId, sentAt, "q"]);
    assert.equal(dead?.receiveCount, 3);
    assert.ok(dead?.messageAttributes?.a);
  });

  it("hand out the healthy messages behind the dead ones in one receive", async () => {
    put("dead");
    put("q", { redrive: { deadLetterTargetArn: DEAD_ARN, maxReceiveCount: 1 } });
    await Promise.all(Array.from({ length: 10 }, (_, i) => room.queues.send("q", `bad ${i}`)));
    assert.equal((await receive("q")).length, 10);
    room.clock.advance(31);
    await room.queues.send("q", "good");
    assert.deepEqual(await bodies("q"), ["good"]);
    assert.equal(room.queues.counts("dead").visible, 10);
  });

  it("wake a long poll of the dead-letter queue at a redrive", async () => {
    put("dead");
    put("q", { visibilityTimeoutSeconds: 0, redrive: { deadLetterTargetArn: DEAD_ARN, maxReceiveCount: 1 } });
    await room.queues.send("q", "x");
    const poll = room.queues.receive("dead", { max: 1, waitSeconds: 5 });
    await receive("q");
    await receive("q");
    assert.equal((await poll)[0]?.body, "x");
  });

  it("keep a message whose dead-letter queue is gone", async () => {
    put("dead");
    put("q", { visibilityTimeoutSeconds: 0, redrive: { deadLetterTargetArn: DEAD_ARN, maxReceiveCount: 1 } });
    room.queues.remove("dead");
    await room.queues.send("q", "x");
    for (let i = 0; i < 3; i++) assert.deepEqual(await bodies("q"), ["x"]);
  });

  it("drop a message by the retention of its queue, counted from the original send", async () => {
    put("dead", { messageRetentionSeconds: 4 * DAY });
    put("q", { visibilityTimeoutSeconds: 0, redrive: { deadLetterTargetArn: DEAD_ARN, maxReceiveCount: 1 } });
    await room.queues.send("q", "x");
    room.clock.advance(DAY);
    await receive("q");
    await receive("q");
    room.clock.advance(3 * DAY - 1);
    assert.deepEqual(await bodies("dead"), ["x"]);
    room.clock.advance(1);
    assert.deepEqual(await receive("dead"), []);
    assert.deepEqual(room.queues.counts("dead"), { visible: 0, inFlight: 0, delayed: 0, oldestSeconds: 0 });
  });

  it("wake a long poll when a hidden message becomes visible again", async () => {
    await room.queues.send("q", "x");
    const [message] = await receive("q");
    const poll = room.queues.receive("q", { max: 1, waitSeconds: 5 });
    await room.queues.changeVisibility("q", message!.receiptHandle, 0);
    assert.equal((await poll)[0]?.receiveCount, 2);
  });

  it("wakes a long poll when the visibility timeout of a message ends", async () => {
    await room.queues.send("q", "x");
    await room.queues.receive("q", { max: 1, visibilityTimeoutSeconds: 1 });
    room.clock.advance(0.99);
    const poll = room.queues.receive("q", { max: 1, waitSeconds: 2 });
    room.clock.advance(0.01);
    assert.equal((await poll)[0]?.receiveCount, 2);
  });

  it("give each message to one poll only, the longest waiting first", async () => {
    const polls = [1, 2, 3].map(() => room.queues.receive("q", { max: 10, waitSeconds: 0.3 }));
    await room.queues.send("q", "a");
    await room.queues.send("q", "b");
    assert.deepEqual(
      (await Promise.all(polls)).map((messages) => messages.map(({ body }) => body)),
      [["a"], ["b"], []],
    );
  });

  it("take no message for a poll whose caller has gone", async () => {
    const gone = new AbortController();
    const poll = room.queues.receive("q", { max: 1, waitSeconds: 5, signal: gone.signal });
    gone.abort();
    assert.deepEqual(await poll, []);
    await room.queues.send("q", "x");
    assert.equal(room.queues.counts("q").visible, 1);
  });

  it("end the polls of a removed queue, and give its messages to no new queue of that name", async () => {
    const poll = room.queues.receive("q", { max: 1, waitSeconds: 5 });
    room.queues.remove("q");
    assert.deepEqual(await poll, []);
    await assert.rejects(room.queues.send("q", "x"), { code: "QueueDoesNotExist" });
    put("q");
    assert.equal(room.queues.counts("q").visible, 0);
  });

  it("delete the messages of a purged or removed queue, also after a restart", async () => {
    put("other");
    await Promise.all(Array.from({ length: 2500 }, (_, i) => room.queues.send("q", `m${i}`)));
    await room.queues.send("other", "kept");
    const [message] = await receive("q", 1);
    room.queues.purge("q");
    assert.deepEqual(room.queues.counts("q"), { visible: 0, inFlight: 0, delayed: 0, oldestSeconds: 0 });
    await room.queues.delete("q", [message!.receiptHandle]);
    await room.queues.send("q", "new");
    room.restart();
    const rows = () => Number(room.database.sql.prepare("SELECT count(*) AS n FROM message_bodies").get()?.n);
    for (let i = 0; i < 200 && rows() > 2; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    room.queues.remove("other");
    for (let i = 0; i < 200 && rows() > 1; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(rows(), 1);
    assert.deepEqual(await bodies("q"), ["new"]);
  });

  it("limit a message to 12 hours of invisibility after its receive", async () => {
    await room.queues.send("q", "x");
    const [message] = await receive("q");
    await room.queues.changeVisibility("q", message!.receiptHandle, 43_200);
    room.clock.advance(10);
    const longer = room.queues.changeVisibility("q", message!.receiptHandle, 43_191);
    await assert.rejects(longer, { code: "InvalidParameterValue", message: /beyond the limit/ });
  });

  it("tell an invalid handle from one whose message is gone or visible", async () => {
    put("other");
    await room.queues.send("q", "x");
    const [{ receiptHandle } = assert.fail()] = await receive("q");
    for (const [queue, handle] of [
      ["q", "nonsense"],
      ["q", `${receiptHandle}x`],
      ["other", receiptHandle],
    ] as const) {
      await assert.rejects(room.queues.delete(queue, [handle]), { code: "ReceiptHandleIsInvalid" });
      await assert.rejects(room.queues.changeVisibility(queue, handle, 1), {
        code: "ReceiptHandleIsInvalid",
      });
    }
    room.clock.advance(30);
    await assert.rejects(room.queues.changeVisibility("q", receiptHandle, 1), { code: "MessageNotInflight" });
    await room.queues.delete("q", [receiptHandle]);
    await assert.rejects(room.queues.changeVisibility("q", receiptHandle, 1), {
      code: "InvalidParameterValue",
    });
  });

  it("refuse the settings that SQS refuses", () => {
    assert.throws(() => put("a b"), { code: "InvalidParameterValue" });
    assert.throws(() => put("x", { messageRetentionSeconds: 59 }), /MessageRetentionPeriod/);
    assert.throws(() => put("x", { maxMessageSize: 1_048_577 }), /MaximumMessageSize/);
    const redrive = { deadLetterTargetArn: DEAD_ARN, maxReceiveCount: 5 };
    assert.throws(() => put("x", { redrive }), /Dead letter target does not exist/);
  });

  it("commit the sends of one turn together, and refuse only the one that fails", async () => {
    let commits = 0;
    const { transaction } = room.database;
    room.database.transaction = function <T>(this: typeof room.database, fn: () => T): T {
      commits++;
      return transaction.call(this, fn) as T;
    };
    const sends = Array.from({ length: 50 }, (_, i) => room.queues.send("q", `m${i}`));
    const bad = room.queues.send("q", "\u0000");
    await assert.rejects(bad, { code: "InvalidMessageContents" });
    await Promise.all(sends);
    assert.equal(commits, 1);
    assert.equal(room.queues.counts("q").visible, 50);
  });
});
