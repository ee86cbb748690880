import assert from "node:assert/strict";
import { failedAt, refusing, untilDone } from "../support/failing-aws";
import { freePort } from "../support/home";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, nami, ok, storedEvents } from "../support/nami";
import { post } from "../support/post";

describe("a change that AWS refuses once", function () {
  this.timeout(600_000);
  let home: DemoHome;

  before(async () => {
    home = await demoHome();
  });
  after(() => home?.close());

  const assertNoChange = async () => {
    const { changes } = await json<{ changes: object }>(home.dir, ["up", "demo", "--yes"]);
    assert.deepEqual(changes, {});
  };

  it("is made by the next up, when it is an update of a function, a queue or a mapping", async () => {
    const types = [
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      "aws:lambda/function:Function",
      "aws:sqs/queue:Queue",
    ];
    const flags = ["--pre-queue-memory", "512", "--batch-size", "5", "--retention", "2d"];
    assert.deepEqual(
      await untilDone(home.dir, ["up", "demo", "--yes", ...flags], { verb: "update", types }),
      types,
    );
    await assertNoChange();
  });

  it("is made by the next up, when it replaces the Mongo host, and no stored event is lost", async () => {
    assert.equal((await post(home.url, "x", { "webhook-id": "1" })).status, 200);
    const ids = async () => (await storedEvents(home.dir, "demo")).map(({ _id }) => _id);
    await eventually(ids, (all) => all.length > 0, 60);
    const args = ["up", "demo", "--yes", "--mongo-port", String(await freePort())];
    const instance = ["aws:ec2/instance:Instance"];
    const attachment = ["aws:ec2/volumeAttachment:VolumeAttachment"];
    failedAt(await nami(home.dir, args, refusing("delete", instance)), instance);
    failedAt(await nami(home.dir, args, refusing("create", attachment)), attachment);
    await ok(home.dir, args);
    await assertNoChange();
    assert.deepEqual(await ids(), ["demo:1"]);
  });
});
