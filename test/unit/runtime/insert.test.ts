import assert from "node:assert/strict";
import { type Collection, MongoBulkWriteError } from "mongodb";
import { type EventDocument, eventDocument } from "../../../runtime/document";
import { insertAll } from "../../../runtime/insert";
import { decodeMessage } from "../../../runtime/message";
import { message } from "../../support/messages";

const entries = ["a", "b", "c"].map((id) => {
  const { meta, raw } = decodeMessage(message({ id }));
  return { messageId: id, document: eventDocument(meta, raw, { now: 1, attempts: 1 }) };
});

interface Answer {
  inserted: number;
  errors?: { index: number; code: number; errmsg: string }[];
  writeConcernError?: boolean;
}

/** A collection that answers insertMany as the driver throws it, and remembers what it was given. */
function collectionOf(...answers: Answer[]) {
  const given: EventDocument[][] = [];
  const insertMany = async (documents: EventDocument[]) => {
    given.push(documents);
    const answer = answers.shift();
    if (!answer) return;
    const { inserted, errors = [], writeConcernError } = answer;
    const result = {
      insertedCount: inserted,
      getWriteConcernError: () => (writeConcernError ? {} : undefined),
    };
    throw new MongoBulkWriteError(
      { message: "failed", code: 8, writeErrors: errors as never },
      result as never,
    );
  };
  return { given, collection: { insertMany } as unknown as Collection<EventDocument> };
}

const duplicate = { index: 1, code: 11000, errmsg: "E11000 duplicate key" };
const insert = (...answers: Answer[]) => insertAll(collectionOf(...answers).collection, entries);

describe("an insert of many documents", () => {
  it("answers what was rejected, when the numbers add up", async () => {
    const rejected = await insert({ inserted: 2, errors: [duplicate] });
    assert.deepEqual(
      rejected.map(({ entry, code }) => [entry.messageId, code]),
      [["b", 11000]],
    );
  });

  it("throws when it is not known what was stored", async () => {
    const unknown: Answer[] = [
      { inserted: 0 },
      { inserted: 1, errors: [duplicate] },
      { inserted: 2, errors: [duplicate], writeConcernError: true },
    ];
    for (const answer of unknown)
      await assert.rejects(insert(answer), MongoBulkWriteError, JSON.stringify(answer));
  });

  it("stores without its body what the server refuses with it", async () => {
    const refusal = { index: 2, code: 52, errmsg: "field names must not start with $" };
    const { collection, given } = collectionOf({ inserted: 2, errors: [refusal] });
    assert.deepEqual(await insertAll(collection, entries), []);
    assert.deepEqual(
      given[1]!.map(({ _id, body, bodyError }) => [_id, body, bodyError]),
      [["demo:c", undefined, "field names must not start with $"]],
    );
  });

  it("answers what the server refuses without the body too", async () => {
    const refusal = (index: number) => ({ index, code: 121, errmsg: "validation failed" });
    const rejected = await insert(
      { inserted: 2, errors: [refusal(2)] },
      { inserted: 0, errors: [refusal(0)] },
    );
    assert.deepEqual(
      rejected.map(({ entry, reason }) => [entry.messageId, reason]),
      [["c", "validation failed"]],
    );
  });
});
