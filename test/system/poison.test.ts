import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, storedEvents, up } from "../support/nami";
import { postAll } from "../support/post";
import { scratchFolder } from "../support/scratch";

/** Notes each of its runs in a file, so that the receives can be counted from outside. */
const handler = (counter: string) => `
import { appendFileSync } from "node:fs";
export default async (event: { _id: string; body?: { poison?: boolean } }) => {
  if (!event.body?.poison) return;
  appendFileSync(${JSON.stringify(counter)}, "x");
  throw new Error("cannot digest " + event._id);
};
`;

describe("one event that the post-queue file throws for", function () {
  this.timeout(240_000);
  let home: DemoHome;

  before(async () => {
    home = await demoHome();
  });
  after(() => home?.close());

  it("is in the dead-letter queue after exactly 5 receives; the others are stored", async () => {
    const counter = join(scratchFolder("nami-poison-"), "receives");
    const file = join(home.dir, "poison.ts");
    writeFileSync(file, handler(counter));
    const url = await up(home.dir, "demo", "--post-queue", file, "--post-queue-timeout", "2");
    const payloads = Array.from({ length: 20 }, (_, i) => ({
      id: `p-${i}`,
      body: Buffer.from(JSON.stringify({ i, poison: i === 7 })),
    }));
    const answers = await postAll(url, payloads);
    assert.ok(answers.every(({ status }) => status === 200));
    const status = () =>
      json<{ deadLetters: number; queue: { visible: number; inFlight: number } }>(home.dir, [
        "status",
        "demo",
      ]);
    const last = await eventually(status, ({ deadLetters }) => deadLetters === 1, 150);
    assert.equal(last.deadLetters, 1);
    const stored = (await storedEvents(home.dir, "demo")).map(({ _id }) => _id).sort();
    assert.deepEqual(
      stored,
      payloads
        .filter((_, i) => i !== 7)
        .map(({ id }) => `demo:${id}`)
        .sort(),
    );
    assert.equal(readFileSync(counter, "utf8").length, 5);
  });
});
