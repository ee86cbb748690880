import assert from "node:assert/strict";
import { createStore } from "../../../runtime/store";
import { hostsOf, passwordsOf, storeError } from "../../../runtime/store-error";
import { recordedLog } from "../../support/recorded-log";

describe("the error of a store that fails", () => {
  it("names the hosts and no credentials", () => {
    assert.equal(hostsOf("mongodb://u:p@h:1,i:2/db?x=1"), "h:1,i:2");
    assert.equal(hostsOf("mongodb+srv://u:p%40@cluster.example.com"), "cluster.example.com");
    const uri = "mongodb://nami:s3cret@h:27017/";
    const { message } = storeError(uri, new Error(`cannot parse ${uri}`));
    assert.ok(!message.includes("s3cret"), message);
  });

  it("leaves no password in a line of log, written as it is or as in the connection string", () => {
    assert.deepEqual(passwordsOf("mongodb://u:s3c%2Fret@h:1,i:2/db"), ["s3c%2Fret", "s3c/ret"]);
    assert.deepEqual(passwordsOf("mongodb+srv://u:p@ss@h/"), ["p@ss"]);
    assert.deepEqual(passwordsOf("mongodb://u:%zz@h/"), ["%zz"]);
    for (const none of ["mongodb://h:27017/", "mongodb://u@h/", "nonsense"])
      assert.deepEqual(passwordsOf(none), []);
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
