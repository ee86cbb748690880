import assert from "node:assert/strict";
import { AwsError } from "../../../../../local/host/aws-error";
import type { Database } from "../../../../../local/host/database";
import { GroupCommit } from "../../../../../local/host/queue/group-commit";
import { queueRoom } from "../../../../support/local-aws";

describe("a group commit", () => {
  /** A database that commits, or refuses, as a test says, and writes down what happened. */
  function lab(refuses: (transaction: number) => boolean = () => false) {
    const happened: string[] = [];
    let transactions = 0;
    const transaction = <T>(fn: () => T): T => {
      const value = fn();
      if (refuses(++transactions)) throw new Error("database or disk is full");
      happened.push("on disk");
      return value;
    };
    const commits = new GroupCommit({ transaction } as Database, () => happened.push("committed"));
    const write = (name: string) =>
      commits.run(() => name).then((value) => happened.push(`answered ${value}`));
    return { commits, write, happened };
  }

  it("answers after the commit, one commit for all writes of a turn", async () => {
    const { write, happened } = lab();
    await Promise.all([write("a"), write("b")]);
    assert.deepEqual(happened, ["on disk", "committed", "answered a", "answered b"]);
  });

  it("answers nothing while the disk refuses", async () => {
    const { write, happened } = lab(() => true);
    await assert.rejects(write("a"), /disk is full/);
    assert.deepEqual(happened, ["committed"]);
  });

  it("tries each write by itself when the disk refuses them together", async () => {
    const { write, happened } = lab((transaction) => transaction === 1 || transaction === 3);
    const results = await Promise.allSettled([write("a"), write("b"), write("c")]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.deepEqual(happened.slice(-2), ["answered a", "answered c"]);
  });

  it("refuses a write that SQS would refuse, and no other", async () => {
    const { commits, write, happened } = lab();
    const odd = commits.run(() => {
      throw new AwsError("InvalidMessageContents", "odd");
    });
    const good = write("a");
    await assert.rejects(odd, { code: "InvalidMessageContents" });
    await good;
    assert.deepEqual(happened, ["on disk", "committed", "answered a"]);
  });

  it("waits for the disk: its transaction is synchronous, also after a receive, which is not", async () => {
    const room = queueRoom();
    const commits = new GroupCommit(room.database, () => {});
    const synchronous = () => Object.values(room.database.sql.prepare("PRAGMA synchronous").get()!)[0];
    assert.equal(await commits.run(synchronous), 2);
    assert.equal(room.database.relaxedTransaction(synchronous), 1);
    assert.equal(await commits.run(synchronous), 2);
    room.close();
  });
});
