import assert from "node:assert/strict";
import { createStore } from "../../../runtime/store";
import { work } from "../../../runtime/work";
import { sqsEvent } from "../../support/aws-events";
import { freePort } from "../../support/home";
import { message } from "../../support/messages";
import { recordedLog } from "../../support/recorded-log";

describe("a MongoDB that does not answer", () => {
  it("is named by the store soon, which tries again at the next call", async () => {
    const port = await freePort();
    const uri = `mongodb://nami:s3cret@127.0.0.1:${port}/`;
    const store = createStore({ uri, database: "nami", log: recordedLog().log, name: "demo" });
    const start = performance.now();
    const pattern = new RegExp(`^MongoDB at 127\\.0\\.0\\.1:${port} did not answer: `);
    for (let i = 0; i < 2; i++) {
      await assert.rejects(store.open(1000), (error: Error) => {
        assert.match(error.message, pattern);
        assert.ok(!error.message.includes("s3cret"));
        return true;
      });
    }
    assert.ok(performance.now() - start < 10_000);
  });

  it("makes the worker hand every message back and log one line for each, with the reason", async () => {
    const uri = `mongodb://nami:s3cret@127.0.0.1:${await freePort()}/`;
    const { log, lines } = recordedLog();
    const store = createStore({ uri, database: "nami", log, name: "demo" });
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
      assert.match(String(fields.error), fields.messageId === "m2" ? /no metadata line/ : /did not answer/);
      assert.ok(!JSON.stringify(fields).includes("s3cret"));
    }
  });
});
