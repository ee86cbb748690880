import assert from "node:assert/strict";
import { MongoBulkWriteError, MongoNetworkError, MongoServerError } from "mongodb";
import type { EventDocument } from "../../../runtime/document";
import type { Collections } from "../../../runtime/store";
import { work } from "../../../runtime/work";
import { sqsEvent } from "../../support/aws-events";
import { onFastClock } from "../../support/fast-clock";
import { message } from "../../support/messages";
import { recordedLog } from "../../support/recorded-log";

describe("the worker with a store that does not answer at once", () => {
  /** Collections whose insertMany ends as the next of `ends` says; undefined takes everything. */
  function lab(ends: (Error | undefined)[], opens: (Error | undefined)[] = []) {
    const given: EventDocument[][] = [];
    const seen: string[] = [];
    let opened = 0;
    const insertMany = async (documents: EventDocument[]) => {
      given.push(documents);
      const end = ends.shift();
      if (end) throw end;
    };
    const collections = { events: { insertMany }, deadLetters: { insertMany } } as unknown as Collections;
    const open = async () => {
      opened++;
      const end = opens.shift();
      if (end) throw end;
      return collections;
    };
    const run = async (messages: string[], remaining = 30_000) => {
      const until = Date.now() + remaining;
      const { batchItemFailures } = await work(sqsEvent(messages), {
        store: { open, close: async () => {} },
        uri: "mongodb://127.0.0.1/",
        handler: (event) => void seen.push(event._id),
        now: Date.now,
        remaining: () => until - Date.now(),
        log: recordedLog().log,
      });
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    };
    return { given, seen, run, opened: () => opened };
  }
  const lost = () => new MongoNetworkError("connection 1 closed");

  it("asks again while there is time, and shows user code each event once", async () => {
    const { run, given, seen, opened } = lab([lost(), undefined], [lost()]);
    const handedBack = await onFastClock(() => run([message(), message({ id: "d2" })]));
    assert.deepEqual(handedBack, []);
    assert.equal(opened(), 3);
    assert.equal(given.length, 2);
    assert.deepEqual(seen, ["demo:d1", "demo:d2"]);
  });

  it("hands back at once what a refused login keeps out", async () => {
    const refused = new MongoServerError({ message: "Authentication failed.", code: 18 });
    const { run, opened } = lab([], [refused]);
    assert.deepEqual(await run([message()]), ["m0"]);
    assert.equal(opened(), 1);
  });

  it("answers before the time is up when the store hangs", async () => {
    await onFastClock(async () => {
      const until = Date.now() + 30_000;
      const { batchItemFailures } = await work(sqsEvent([message()]), {
        store: { open: () => new Promise(() => {}), close: async () => {} },
        uri: "mongodb://127.0.0.1/",
        handler: () => undefined,
        now: Date.now,
        remaining: () => until - Date.now(),
        log: recordedLog().log,
      });
      assert.equal(batchItemFailures.length, 1);
      assert.ok(Date.now() < until);
    });
  });

  it("tries again with its body what was refused for a passing reason", async () => {
    const conflict = (index: number) =>
      new MongoBulkWriteError(
        {
          message: "failed",
          code: 112,
          writeErrors: [{ index, code: 112, errmsg: "WriteConflict" }] as never,
        },
        { insertedCount: 1, getWriteConcernError: () => undefined } as never,
      );
    const { run, given } = lab([conflict(1), undefined]);
    assert.deepEqual(await onFastClock(() => run([message(), message({ id: "d2" })])), []);
    assert.deepEqual(
      given.map((documents) => documents.map(({ _id, body }) => [_id, body])),
      [
        [
          ["demo:d1", { a: 1 }],
          ["demo:d2", { a: 1 }],
        ],
        [["demo:d2", { a: 1 }]],
      ],
    );
  });
});
