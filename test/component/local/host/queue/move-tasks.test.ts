import assert from "node:assert/strict";
import { ATTRIBUTES, type QueueRoom, queueRoom } from "../../../../support/local-aws";

const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

describe("a message move task", () => {
  let room: QueueRoom;

  beforeEach(() => {
    room = queueRoom();
    room.queues.put("dead", ATTRIBUTES);
    const redrive = { deadLetterTargetArn: arn("dead"), maxReceiveCount: 1 };
    room.queues.put("q", { ...ATTRIBUTES, visibilityTimeoutSeconds: 0, redrive });
  });
  afterEach(() => room.close());

  const makeDead = async (count: number) => {
    await Promise.all(Array.from({ length: count }, (_, i) => room.queues.send("q", `m${i}`)));
    while ((await room.queues.receive("q", { max: 10 })).length > 0);
    assert.equal(room.queues.counts("dead").visible, count);
  };
  const last = () => room.queues.moveTasks.list(arn("dead"))[0]!;
  const ended = async () => {
    for (let i = 0; i < 100 && last().status === "RUNNING"; i++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    return last();
  };

  it("brings dead letters back where they came from, as new messages", async () => {
    await makeDead(1);
    const [dead] = await room.queues.receive("dead", { max: 1, visibilityTimeoutSeconds: 0 });
    room.clock.advance(100);
    room.queues.moveTasks.start({ sourceArn: arn("dead") });
    assert.deepEqual([(await ended()).status, last().moved, last().toMove], ["COMPLETED", 1, 1]);
    const [message] = await room.queues.receive("q", { max: 1 });
    assert.equal(message?.body, "m0");
    assert.notEqual(message.messageId, dead?.messageId);
    assert.deepEqual([message.receiveCount, message.sentAt], [1, room.clock.now()]);
    assert.equal(room.queues.counts("dead").visible, 0);
  });

  it("moves thousands of messages, and leaves later ones alone", async () => {
    await makeDead(450);
    room.queues.moveTasks.start({ sourceArn: arn("dead"), destinationArn: arn("q") });
    await room.queues.send("dead", "late");
    assert.equal((await ended()).moved, 450);
    assert.equal(room.queues.counts("q").visible, 450);
    assert.equal(room.queues.counts("dead").visible, 1);
  });

  it("fails on a message that was sent to the dead-letter queue itself, and takes it with a destination", async () => {
    await room.queues.send("dead", "direct");
    room.queues.moveTasks.start({ sourceArn: arn("dead") });
    assert.deepEqual([(await ended()).status, last().failure], ["FAILED", "CouldNotDetermineMessageSource"]);
    room.clock.advance(1);
    room.queues.moveTasks.start({ sourceArn: arn("dead"), destinationArn: arn("q") });
    assert.equal((await ended()).status, "COMPLETED");
    assert.equal(room.queues.counts("q").visible, 1);
  });

  it("keeps to its rate, goes on after a restart, and can be cancelled", async () => {
    await makeDead(10);
    const sourceArn = arn("dead");
    const handle = room.queues.moveTasks.start({ sourceArn, maxMessagesPerSecond: 2 });
    assert.throws(() => room.queues.moveTasks.start({ sourceArn }), /already a task running/);
    room.clock.advance(1);
    await new Promise((resolve) => setTimeout(resolve, 250));
    assert.equal(last().moved, 2);
    room.restart();
    room.clock.advance(1);
    await new Promise((resolve) => setTimeout(resolve, 250));
    assert.equal(room.queues.moveTasks.cancel(handle), 4);
    assert.equal(last().status, "CANCELLED");
    assert.equal(room.queues.counts("dead").visible, 6);
    assert.throws(() => room.queues.moveTasks.cancel(handle), { code: "InvalidParameterValue" });
  });

  it("cannot start from a queue that is no dead-letter queue, or that does not exist", () => {
    assert.throws(
      () => room.queues.moveTasks.start({ sourceArn: arn("q") }),
      /must be configured as a Dead Letter Queue/,
    );
    assert.throws(() => room.queues.moveTasks.start({ sourceArn: arn("no") }), {
      code: "ResourceNotFoundException",
    });
    assert.throws(() => room.queues.moveTasks.cancel("no"), { code: "ResourceNotFoundException" });
  });
});
