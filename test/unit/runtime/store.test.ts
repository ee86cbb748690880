import assert from "node:assert/strict";
import { MongoClient } from "mongodb";
import { clientOptions } from "../../../runtime/store";

/** What the driver makes of a connection string and the store's options. */
function optionsFor(uri: string) {
  const { writeConcern, readPreference } = new MongoClient(uri, clientOptions(uri, 30_000)).options;
  return { w: writeConcern?.w, journal: writeConcern?.journal, read: readPreference.mode };
}

describe("the store's options", () => {
  it("wait for the journal and read from the primary, whatever the connection string says", () => {
    for (const text of ["", "?w=0", "?journal=false", "?w=0&journal=false&readPreference=secondary"]) {
      assert.deepEqual(
        optionsFor(`mongodb://127.0.0.1/${text}`),
        { w: 1, journal: true, read: "primary" },
        text,
      );
    }
  });

  it("wait for the majority of a replica set: a failover must not take back what was acknowledged", () => {
    for (const uri of ["mongodb://a,b,c/?w=1&journal=false", "mongodb://a/?replicaSet=rs&w=1"]) {
      assert.deepEqual(optionsFor(uri), { w: "majority", journal: true, read: "primary" }, uri);
    }
  });
});
