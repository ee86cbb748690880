import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../../../../../local/host/database";
import { Leftovers } from "../../../../../local/host/queue/leftovers";
import type { MessageTable } from "../../../../../local/host/queue/message-table";
import { MoveTasks } from "../../../../../local/host/queue/move-tasks";
import type { QueueState } from "../../../../../local/host/queue/queue-state";
import { Receiver } from "../../../../../local/host/queue/receiver";

const full = () => {
  throw new Error("database or disk is full");
};

/** Work of the queues' own timers: an error in it reaches nobody who could catch it, and would end the host. */
describe("queues on a full disk", () => {
  it("delete purged messages as soon as the disk accepts it", async () => {
    let refusals = 1;
    const expired: number[] = [];
    const database = {
      relaxedTransaction: (fn: () => number) => (refusals-- > 0 ? full() : fn()),
    } as unknown as Database;
    const messages = { expire: (id: number) => expired.push(id) } as unknown as MessageTable;
    const leftovers = new Leftovers(database, messages, 1);
    leftovers.sweep(7);
    for (let tries = 0; tries < 600 && expired.length === 0; tries++) await sleep(5);
    leftovers.close();
    assert.deepEqual(expired, [7]);
  });

  it("leave expired messages for the next sweep", async () => {
    let transactions = 0;
    const relaxedTransaction = (fn: () => unknown) => (++transactions > 1 ? full() : fn());
    const queue = {
      name: "q",
      id: 1,
      total: 5000,
      sweptAt: 0,
      attributes: { messageRetentionSeconds: 60 },
    } as QueueState;
    const receiver = new Receiver(
      { relaxedTransaction } as unknown as Database,
      { expire: () => 2000 } as unknown as MessageTable,
      { now: Date.now },
      () => queue,
      () => {},
    );
    receiver.sweep(queue);
    await sleep(20);
    assert.deepEqual([transactions, queue.total], [2, 3000]);
  });

  it("try the step of a move task again", async () => {
    let refused = 0;
    const task = { handle: "h", source_arn: "arn:aws:sqs:us-east-1:000000000000:dead", status: "RUNNING" };
    const row = { ...task, moved: 0, to_move: 1, last_seq: 1, started_at: 0 };
    const statement = (sql: string) => ({
      all: () => [row],
      run: () => {
        assert.match(sql, /^UPDATE message_move_tasks/);
        refused += 1;
        return full();
      },
    });
    const tasks = new MoveTasks({
      database: { sql: { prepare: statement } },
      messages: {},
      byName: () => undefined,
      clock: { now: Date.now },
      retryMs: 1,
    } as unknown as ConstructorParameters<typeof MoveTasks>[0]);
    for (let tries = 0; tries < 600 && refused < 2; tries++) await sleep(5);
    tasks.close();
    assert.ok(refused >= 2);
  });
});
