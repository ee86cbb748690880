import assert from "node:assert/strict";
import { createStore } from "../../../runtime/store";
import { work } from "../../../runtime/work";
import { sqsEvent } from "../../support/aws-events";
import { freePort } from "../../support/home";
import { message } from "../../support/messages";
import { recordedLog } from "../../support/recorded-log";

describe("the worker without its store", () => {
  it("hands every message back and logs one line for each, with the reason", async () => {
    const uri = `mongodb://nami:s3cret@127.0.0.1:${await freePort()}/`;
    const { log, lines } = recordedLog();
    const store = createStore({ uri, database: "nami", log });
    const ports = { store, uri, handler: () => undefined, now: () => 1, remaining: () => 1000, log };
    const result = await work(sqsEvent([message(), message({ id: "d2" }), "garbage"], 3), ports);
    assert.deepEqual(
      result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
      ["m0", "m1", "m2"],
    );
    assert.equal(lines.length, 3);
    for (const { fields } of lines) {
      assert.equal(fields.code, "NOT_STORED");
      assert.equal(fields.receives, 3);
      assert.match(String(fields.error), /did not answer/);
      assert.ok(!JSON.stringify(fields).includes("s3cret"));
    }
  });
});
