import assert from "node:assert/strict";
import { refusals } from "../support/aws-refusals";
import { hostedOf, untilDone, WIDE } from "../support/failing-aws";
import { freePort, makeHome, type TestHome } from "../support/home";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, ok, storedEvents } from "../support/nami";
import { post } from "../support/post";

const GATEWAY = [
  "aws:apigatewayv2/api:Api",
  "aws:apigatewayv2/stage:Stage",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/logMetricFilter:LogMetricFilter",
];
const TYPES = Object.keys(refusals)
  .filter((type) => !/:(Api|Stage|LogMetricFilter)$/.test(type))
  .sort();

describe("every type of resource that AWS refuses once", function () {
  this.timeout(1_800_000);
  let home: DemoHome;
  let empty: TestHome;

  before(async () => {
    home = await demoHome();
    empty = await makeHome();
  });
  after(async () => {
    await home?.close();
    await empty?.close();
  });

  const stored = async (url: string, name: string) => {
    assert.equal((await post(url, "x", { "webhook-id": "1" })).status, 200);
    const events = await eventually(
      () => storedEvents(home.dir, name),
      (all) => all.length > 0,
      60,
    );
    assert.equal(events.length, 1);
  };
  const assertNoChange = async (name: string) => {
    const { changes } = await json<{ changes: object }>(home.dir, ["up", name, "--yes"]);
    assert.deepEqual(changes, {});
  };

  it("up makes the shared gateway in the end, though each of its creates fails once", async () => {
    const failed = await untilDone(empty.dir, ["up", "demo", "--yes"], { verb: "create", types: GATEWAY });
    assert.deepEqual(failed, [...GATEWAY].sort());
  });

  it("down removes what each failed up made, and is done in the end though each of its deletes fails once", async () => {
    const failed = await untilDone(
      home.dir,
      ["up", "gone", "--yes", ...WIDE],
      { verb: "create", types: TYPES },
      async () => {
        await ok(home.dir, ["down", "gone", "--purge", "--yes"]);
        assert.deepEqual(hostedOf(home.dir, "gone"), []);
      },
    );
    assert.deepEqual(failed, TYPES);
    assert.deepEqual([...new Set(hostedOf(home.dir, "gone").map(({ type }) => type))].sort(), TYPES);
    const down = ["down", "gone", "--purge", "--yes"];
    assert.deepEqual(await untilDone(home.dir, down, { verb: "delete", types: TYPES }), TYPES);
    assert.deepEqual(hostedOf(home.dir, "gone"), []);
  });

  it("up after up mends a name whose every create fails once", async () => {
    const args = ["up", "mended", "--yes", ...WIDE];
    assert.deepEqual(await untilDone(home.dir, args, { verb: "create", types: TYPES }), TYPES);
    const { changes, url } = await json<{ changes: object; url: string }>(home.dir, [
      "up",
      "mended",
      "--yes",
    ]);
    assert.deepEqual(changes, {});
    await stored(url, "mended");
  });

  it("a replacement whose every delete and create fails once is made by the next up, and loses no event", async () => {
    await stored(home.url, "demo");
    const types = ["aws:ec2/instance:Instance", "aws:ec2/volumeAttachment:VolumeAttachment"];
    for (const verb of ["delete", "create"] as const) {
      const flags = ["--mongo-port", String(await freePort())];
      assert.deepEqual(await untilDone(home.dir, ["up", "demo", "--yes", ...flags], { verb, types }), types);
      await assertNoChange("demo");
      assert.equal((await storedEvents(home.dir, "demo")).length, 1);
    }
  });
});
