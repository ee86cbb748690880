import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { OptionName } from "../../infra/options";
import { controlRequest } from "../../local/host/client";
import type { ResourceRecord } from "../../local/protocol";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, nami, storedEvents } from "../support/nami";
import { effects, flagOf, type Preview, told } from "../support/option-effects";
import { post } from "../support/post";

/** These replace the Mongo host or its network, and are tried together by themselves. */
const REPLACING: OptionName[] = ["mongoPort", "vpc"];
/** Left to test/matrix/options.test.ts, which has every option alone: they say the opposite of another, or need it. */
const ALONE: OptionName[] = ["alarms", "egress", "verify", "mongoVersion"];

const IN_PLACE = (Object.keys(effects) as OptionName[]).filter(
  (name) => !REPLACING.includes(name) && !ALONE.includes(name),
);

describe("the options of a name, many at once", function () {
  this.timeout(600_000);
  let home: DemoHome;

  beforeEach(async () => {
    home = await demoHome();
    writeFileSync(join(home.dir, "pre.ts"), "export default async (event: object) => event;\n");
    writeFileSync(
      join(home.dir, "post.ts"),
      "export default async (event: object) => ({ ...event, seen: true });\n",
    );
    assert.equal((await post(home.url, "kept", { "webhook-id": "kept" })).status, 200);
    await eventually(stored, (all) => all.length > 0, 60);
  });
  afterEach(() => home?.close());

  const stored = () => storedEvents(home.dir, "demo");
  const flagsOf = async (names: readonly OptionName[]) => {
    const pairs = names.map(async (name) => [flagOf(name), await effects[name]!.value(home.dir)]);
    return (await Promise.all(pairs)).flat();
  };
  const expected = (names: readonly OptionName[]) =>
    [...new Set(names.flatMap((name) => effects[name]!.changes))].sort();
  const hostHas = (type: string) =>
    controlRequest<ResourceRecord[]>(home.dir, "/resources/list", { type: `aws:${type}` });
  const inputsOf = async (type: string, name: string) =>
    (await hostHas(type)).find(({ urn }) => urn.endsWith(`::nami-demo-${name}`))?.inputs;

  it("up does exactly what preview shows, the host has it, the functions do it, and the next up keeps it", async () => {
    const flags = await flagsOf(IN_PLACE);
    const preview = await json<Preview>(home.dir, ["preview", "demo", ...flags]);
    assert.deepEqual(told(preview), expected(IN_PLACE));
    const { changes } = await json<Preview>(home.dir, ["up", "demo", "--yes", ...flags]);
    assert.deepEqual(changes, preview.changes);
    assert.deepEqual((await json<Preview>(home.dir, ["up", "demo", "--yes"])).changes, {});

    const pre = (await inputsOf("lambda/function:Function", "pre-queue"))!;
    const worker = (await inputsOf("lambda/function:Function", "post-queue"))!;
    assert.deepEqual([pre.memorySize, pre.timeout], [512, 12]);
    assert.deepEqual([worker.memorySize, worker.timeout], [1024, 20]);
    const queue = (await inputsOf("sqs/queue:Queue", "queue"))!;
    assert.deepEqual([queue.visibilityTimeoutSeconds, queue.messageRetentionSeconds], [3600, 3 * 86_400]);
    assert.equal(JSON.parse(String(queue.redrivePolicy)).maxReceiveCount, 6);
    const deadLetters = (await inputsOf("sqs/queue:Queue", "dead-letters"))!;
    assert.equal(deadLetters.messageRetentionSeconds, 13 * 86_400);
    const mapping = (await inputsOf("lambda/eventSourceMapping:EventSourceMapping", "mapping"))!;
    assert.deepEqual([mapping.batchSize, mapping.maximumBatchingWindowInSeconds], [9, 1]);
    assert.deepEqual(mapping.scalingConfig, { maximumConcurrency: 7 });
    assert.equal((await inputsOf("ec2/instance:Instance", "mongo-host"))?.instanceType, "t4g.medium");
    assert.equal((await inputsOf("ebs/volume:Volume", "mongo"))?.size, 21);
    assert.equal((await hostHas("dlm/lifecyclePolicy:LifecyclePolicy")).length, 1);
    assert.deepEqual(
      (await hostHas("sns/topicSubscription:TopicSubscription")).map(({ inputs }) => inputs.endpoint),
      ["me@example.com"],
    );
    assert.deepEqual(await hostHas("cloudwatch/dashboard:Dashboard"), []);

    assert.equal((await post(home.url, '{"a":1}', { "webhook-id": "new" })).status, 202);
    const events = await eventually(stored, (all) => all.length === 2, 60);
    assert.deepEqual(
      events.map((event) => [event._id, (event as { seen?: boolean }).seen]).sort(),
      [
        ["demo:kept", undefined],
        ["demo:new", true],
      ],
      "the events stored before stay as they are",
    );
  });

  it("a new network and another port replace the Mongo host as preview shows, and no stored event is lost", async () => {
    const flags = await flagsOf(REPLACING);
    const preview = await json<Preview>(home.dir, ["preview", "demo", ...flags]);
    assert.deepEqual(
      told(preview).filter((text) => !/SecurityGroup(Eg|Ing)ressRule/.test(text)),
      expected(REPLACING).filter((text) => !/SecurityGroup(Eg|Ing)ressRule/.test(text)),
    );
    const { changes } = await json<Preview>(home.dir, ["up", "demo", "--yes", ...flags]);
    const { update = 0, ...others } = preview.changes;
    // What depends on the new host's address is updated only if that is another one, which nobody knows before.
    assert.ok((changes.update ?? 0) <= update);
    assert.deepEqual({ ...changes, update: 0 }, { ...others, update: 0 });
    assert.deepEqual((await json<Preview>(home.dir, ["preview", "demo"])).changes, {});
    assert.equal((await post(home.url, "x", { "webhook-id": "new" })).status, 200);
    const events = await eventually(stored, (all) => all.length === 2, 60);
    assert.deepEqual(events.map(({ _id }) => _id).sort(), ["demo:kept", "demo:new"]);
  });

  it("one value that is refused leaves the name as it is, also beside values that are not", async () => {
    const { code, err } = await nami(home.dir, [
      "up",
      "demo",
      "--yes",
      "--retention",
      "2d",
      "--batch-size",
      "0",
    ]);
    assert.equal(code, 2);
    assert.match(err, /--batch-size/);
    assert.deepEqual((await json<Preview>(home.dir, ["preview", "demo"])).changes, {});
    assert.equal((await inputsOf("sqs/queue:Queue", "queue"))?.messageRetentionSeconds, 4 * 86_400);
  });
});
