import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Isolation, lanesFor, NotIsolated } from "../../../runtime/isolation/isolation";
import { HandlerFailure } from "../../../runtime/post-queue-code";
import { messageFacts } from "../../support/messages";
import { processesWith } from "../../support/processes";
import { scratchFolder } from "../../support/scratch";

/** Speaks as an isolated process does, and starts slowly. The event's name says what it does. */
const PROCESS = `
const { serialize } = require(${JSON.stringify(require.resolve("bson"))});
setTimeout(() => process.send({ says: "ready" }), 100);
process.on("message", ({ run, meta: { id } }) => {
  if (id === "memory") {
    process.stderr.write("FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\\n");
    process.abort();
  }
  if (id === "die") setTimeout(() => process.exit(1), 300);
  else if (id !== "hang") setTimeout(() => process.send({ says: "done", run, kind: "event", document: Buffer.from(serialize({ pid: process.pid })) }), id === "wait" ? 600 : 0);
});`;

describe("isolated processes", function () {
  this.timeout(30_000);
  let isolation: Isolation;
  let file: string;
  afterEach(() => isolation.end());

  function isolate(code: string, lanes = 2): void {
    file = join(scratchFolder("nami-isolation-"), "process.js");
    writeFileSync(file, code);
    const output = { out() {}, err() {} };
    isolation = new Isolation({ file, settings: { name: "demo", database: "nami" }, lanes, output });
  }
  const run = (id: string, time = { limitMs: 10_000, slackMs: 5_000 }, attempts = 2) => {
    const meta = { v: 1, encoding: "text", ...messageFacts({ id }) } as const;
    return isolation.run({ messageId: id, meta, raw: Buffer.alloc(0), attempts }, `demo:${id}`, 0, time);
  };
  const reasonOf = (id: string, time?: { limitMs: number; slackMs: number }) =>
    run(id, time).then(
      () => "none",
      (error) => {
        assert.ok(error instanceof HandlerFailure);
        return error.message;
      },
    );

  it("serve events again after they were ended while they started, however often", async () => {
    isolate(PROCESS);
    for (let times = 0; times < 4; times++) {
      const running = Promise.all([run("a"), run("b")]);
      isolation.end();
      assert.equal((await running).length, 2);
      isolation.end();
    }
  });

  it("are given up when two in a row end before they are ready, and tried again by the next batch", async () => {
    isolate("process.exit(1);");
    for (let times = 0; times < 2; times++) await assert.rejects(run("a"), NotIsolated);
  });

  it("say that memory ran out, and that an event took too long, and are ended then", async () => {
    isolate(PROCESS);
    assert.equal(await reasonOf("memory"), "your code ran out of memory");
    assert.equal(
      await reasonOf("hang", { limitMs: 300, slackMs: 5_000 }),
      "the post-queue file did not end within 300 ms",
    );
    for (let tries = 0; tries < 100 && processesWith(file).length > 0; tries++) await sleep(50);
    assert.deepEqual(processesWith(file), []);
  });

  it("are shared only by events that have waited long enough for one of their own", async () => {
    const first = async (slackMs: number) => {
      isolate(PROCESS, 1);
      const hanging = reasonOf("hang", { limitMs: 3_000, slackMs: 5_000 }).then(() => "hang");
      const other = run("other", { limitMs: 10_000, slackMs }).then(() => "other");
      const won = await Promise.race([hanging, other]);
      await Promise.all([hanging, other]);
      isolation.end();
      return won;
    };
    assert.deepEqual(await Promise.all([first(60_000), first(1)]), ["hang", "other"]);
  });

  it("are shared by as few as possible of those that have failed most often", async () => {
    isolate(PROCESS);
    const time = { limitMs: 10_000, slackMs: 1 };
    const ended = await Promise.allSettled([
      run("die", time, 5),
      run("wait", time, 1),
      run("wait", time, 5),
      run("wait", time, 1),
    ]);
    assert.deepEqual([ended[0].status, ended[2].status], ["rejected", "fulfilled"]);
  });

  it("fit three times into a function of 256 MB, four times into larger ones, and not at all into less than 192 MB", () => {
    assert.deepEqual([128, 191, 192, 256, 512, 10_240, Number.NaN].map(lanesFor), [0, 0, 2, 3, 4, 4, 0]);
  });
});
