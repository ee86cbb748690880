import assert from "node:assert/strict";
import { failedAt, hostedOf, refusing, untilDone } from "../support/failing-aws";
import { makeHome, type TestHome } from "../support/home";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, nami, ok, storedEvents } from "../support/nami";
import { post } from "../support/post";

/** One of each stack, in order of creation: each fails a run of its own. test/matrix/failed-runs.test.ts has every type. */
const ONE_A_STACK = [
  "aws:apigatewayv2/stage:Stage",
  "aws:ebs/volume:Volume",
  "aws:lambda/function:Function",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
];
/** The last that are made: everything else is there by then. */
const LAST = ["aws:apigatewayv2/route:Route", "aws:lambda/eventSourceMapping:EventSourceMapping"];
const DELETED = [
  "aws:ebs/volume:Volume",
  "aws:ec2/vpc:Vpc",
  "aws:lambda/function:Function",
  "aws:sqs/queue:Queue",
];

describe("a create or delete that AWS refuses", function () {
  this.timeout(600_000);
  let empty: TestHome | undefined;
  let home: DemoHome | undefined;

  afterEach(async () => {
    await empty?.close();
    await home?.close();
    empty = home = undefined;
  });

  it("fails an up in the gateway, the data or the pipeline; up after up mends it, and the name stores events", async () => {
    empty = await makeHome();
    const { dir } = empty;
    const failed = await untilDone(dir, ["up", "demo", "--yes"], { verb: "create", types: ONE_A_STACK });
    assert.deepEqual(failed, [...ONE_A_STACK].sort());
    const { changes, url } = await json<{ changes: object; url: string }>(dir, ["up", "demo", "--yes"]);
    assert.deepEqual(changes, {});
    assert.equal((await post(url, "x", { "webhook-id": "1" })).status, 200);
    const stored = await eventually(
      () => storedEvents(dir, "demo"),
      (all) => all.length > 0,
      60,
    );
    assert.equal(stored.length, 1);
  });

  it("leaves nothing behind: down removes what a failed up made, also after its own deletes failed", async () => {
    home = await demoHome();
    const { dir } = home;
    failedAt(await nami(dir, ["up", "gone", "--yes", "--vpc", "new"], refusing("create", LAST)), LAST);
    assert.notDeepEqual(hostedOf(dir, "gone"), []);
    const down = ["down", "gone", "--purge", "--yes"];
    assert.deepEqual(await untilDone(dir, down, { verb: "delete", types: DELETED }), DELETED);
    assert.deepEqual(hostedOf(dir, "gone"), []);
    await ok(dir, ["status", "demo"]);
  });
});
