import assert from "node:assert/strict";
import type { Fault, Verb } from "../../local/rehearsal";
import { refusals } from "../support/aws-refusals";
import { freePort, makeHome, type TestHome } from "../support/home";
import { hosted } from "../support/killed-engine";
import { eventually, json, nami, ok, type Result, storedEvents } from "../support/nami";
import { post } from "../support/post";

/** With these a name has about everything that can be made of it. */
const wide = ["--vpc", "new", "--egress", "nat", "--alarm-email", "ops@example.com", "--snapshots", "3"];
const gateway = [
  "aws:apigatewayv2/api:Api",
  "aws:apigatewayv2/stage:Stage",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/logMetricFilter:LogMetricFilter",
];
const types = Object.keys(refusals).filter((type) => !/:(Api|Stage|LogMetricFilter)$/.test(type));

const failing = (verb: Verb, of: readonly string[]) => {
  const faults = of.map((type): Fault => ({ verb, of: type, error: refusals[type]! }));
  return { env: { NAMI_REHEARSAL: JSON.stringify({ faults }) } };
};

describe("a run in which AWS fails once at everything", function () {
  this.timeout(900_000);
  let home: TestHome;

  before(async () => {
    home = await makeHome();
  });
  after(() => home.close());

  const ofName = (name: string) => hosted(home.dir).filter(({ urn }) => urn.includes(`:${name}::`));

  /** Which of the types a run says it failed at: as of something that can happen, by type and name. */
  function failedAt({ code, err }: Result, among: readonly string[]): string[] {
    assert.equal(code, 1, err);
    assert.match(err, /error\[[A-Z_]+\]/);
    const failed = among.filter((type) => new RegExp(`\\b${type.split(":").pop()} nami-\\S+: `).test(err));
    assert.notDeepEqual(failed, [], err);
    return failed;
  }

  /** Runs a command again and again, each type failing once in all, until all is well. Answers what has failed, sorted. */
  async function untilDone(args: string[], verb: Verb, of: readonly string[], between = async () => {}) {
    const failed: string[] = [];
    for (let left = [...of]; ; left = of.filter((type) => !failed.includes(type))) {
      const run = await nami(home.dir, args, failing(verb, left));
      if (run.code === 0) return failed.sort();
      failed.push(...failedAt(run, left));
      await between();
    }
  }

  it("up makes the shared gateway in the end", async () => {
    assert.deepEqual(await untilDone(["up", "demo", "--yes"], "create", gateway), [...gateway].sort());
    await ok(home.dir, ["down", "demo", "--purge", "--yes"]);
  });

  it("down removes what each failed up has made", async () => {
    const failed = await untilDone(["up", "gone", "--yes", ...wide], "create", types, async () => {
      await ok(home.dir, ["down", "gone", "--purge", "--yes"]);
      assert.deepEqual(ofName("gone"), []);
    });
    assert.deepEqual(failed, [...types].sort());
    assert.deepEqual([...new Set(ofName("gone").map(({ type }) => type))].sort(), [...types].sort());
  });

  it("and down itself, each of whose deletes fails once, is done in the end", async () => {
    assert.deepEqual(
      await untilDone(["down", "gone", "--purge", "--yes"], "delete", types),
      [...types].sort(),
    );
    assert.deepEqual(ofName("gone"), []);
  });

  it("up after up mends it", async () => {
    assert.deepEqual(await untilDone(["up", "demo", "--yes", ...wide], "create", types), [...types].sort());
    const { changes, url } = await json<{ changes: object; url: string }>(home.dir, ["up", "demo", "--yes"]);
    assert.deepEqual(changes, {});
    assert.equal((await post(url, "x", { "webhook-id": "1" })).status, 200);
    const stored = await eventually(
      () => storedEvents(home.dir, "demo"),
      (all) => all.length > 0,
      30,
    );
    assert.equal(stored.length, 1);
  });

  it("a change that fails is made by the next up", async () => {
    const changed = [
      "aws:lambda/eventSourceMapping:EventSourceMapping",
      "aws:lambda/function:Function",
      "aws:sqs/queue:Queue",
    ];
    const flags = ["--pre-queue-memory", "512", "--batch-size", "5", "--retention", "2d"];
    assert.deepEqual(await untilDone(["up", "demo", "--yes", ...flags], "update", changed), changed);
    assert.deepEqual((await json<{ changes: object }>(home.dir, ["up", "demo", "--yes"])).changes, {});
  });

  it("and so is a replacement, with all that is stored", async () => {
    const replaced = ["aws:ec2/instance:Instance", "aws:ec2/volumeAttachment:VolumeAttachment"];
    for (const verb of ["delete", "create"] as const) {
      const flags = ["--mongo-port", String(await freePort())];
      assert.deepEqual(await untilDone(["up", "demo", "--yes", ...flags], verb, replaced), replaced);
      assert.deepEqual((await json<{ changes: object }>(home.dir, ["up", "demo", "--yes"])).changes, {});
      assert.equal((await storedEvents(home.dir, "demo")).length, 1);
    }
  });
});
