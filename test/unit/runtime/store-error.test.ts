import assert from "node:assert/strict";
import { createStore } from "../../../runtime/store";
import { hostsOf, storeError } from "../../../runtime/store-error";
import { freePort } from "../../support/home";
import { recordedLog } from "../../support/recorded-log";

describe("the error of a store that fails", () => {
  it("names the hosts and no credentials", () => {
    assert.equal(hostsOf("mongodb://u:p@h:1,i:2/db?x=1"), "h:1,i:2");
    assert.equal(hostsOf("mongodb+srv://u:p%40@cluster.example.com"), "cluster.example.com");
    const uri = "mongodb://nami:s3cret@h:27017/";
    const { message } = storeError(uri, new Error(`cannot parse ${uri}`));
    assert.ok(!message.includes("s3cret"), message);
  });

  it("says soon that MongoDB did not answer, and tries again at the next call", async () => {
    const port = await freePort();
    const uri = `mongodb://nami:s3cret@127.0.0.1:${port}/`;
    const store = createStore({ uri, database: "nami", log: recordedLog().log, name: "demo" });
    const start = performance.now();
    const pattern = new RegExp(`^MongoDB at 127\\.0\\.0\\.1:${port} did not answer: `);
    for (let i = 0; i < 2; i++) {
      await assert.rejects(store.open(100), (error: Error) => {
        assert.match(error.message, pattern);
        assert.ok(!error.message.includes("s3cret"));
        return true;
      });
    }
    assert.ok(performance.now() - start < 4000);
  });

  it("says that a connection string cannot be used", async () => {
    const store = createStore({
      uri: "mongodb://u:s3cret@h/?nonsense=1",
      database: "nami",
      log: recordedLog().log,
      name: "demo",
    });
    await assert.rejects(store.open(1000), /^StoreError: MongoDB at h cannot be used: .*nonsense/);
  });
});
