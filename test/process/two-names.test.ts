import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, nami, storedEvents, up } from "../support/nami";
import { post, postAllUntilTaken } from "../support/post";
import { scratchFolder } from "../support/scratch";
import { when } from "../support/when";

interface Listed {
  name: string;
  url: string;
  target: string;
  state: string;
}

/** A post-queue file whose worker stores nothing until `file` exists. */
const waiting = (file: string) => `
import { existsSync } from "node:fs";
export default async () => {
  while (!existsSync(${JSON.stringify(file)})) await new Promise((done) => setTimeout(done, 100));
};
`;

describe("two names on one machine", function () {
  this.timeout(300_000);
  let home: DemoHome;
  let second: string;

  before(async () => {
    home = await demoHome();
    second = await up(home.dir, "second");
  });
  after(() => home?.close());

  const ids = async (name: string) => (await storedEvents(home.dir, name)).map(({ _id }) => _id);
  const stored = (name: string, id: string) =>
    eventually(
      () => ids(name),
      (all) => all.includes(id),
      60,
    );

  it("share the host and its port, have a database process each, and keep their events apart", async () => {
    assert.equal(new URL(home.url).host, new URL(second).host);
    const listed = await json<Listed[]>(home.dir, ["ls"]);
    assert.deepEqual(
      listed.map(({ name, url, target }) => ({ name, url, target })),
      [
        { name: "demo", url: home.url, target: "local" },
        { name: "second", url: second, target: "local" },
      ],
    );
    const { mongo } = await json<{ mongo: Record<string, { pid: number; port: number }> }>(home.dir, [
      "host",
      "status",
    ]);
    const processes = Object.values(mongo);
    assert.equal(processes.length, 2);
    assert.equal(new Set(processes.map(({ pid }) => pid)).size, 2);
    assert.equal(new Set(processes.map(({ port }) => port)).size, 2);
    await post(home.url, "1", { "webhook-id": "same" });
    await post(second, "2", { "webhook-id": "same" });
    assert.deepEqual(await stored("demo", "demo:same"), ["demo:same"]);
    assert.deepEqual(await stored("second", "second:same"), ["second:same"]);
  });

  it("down of one drains 1,000 queued events while the other works on, and up brings the documents back", async () => {
    // Every event waits until `down` has closed the way in.
    const [file, closed] = [join(home.dir, "wait.ts"), join(scratchFolder("nami-two-"), "closed")];
    writeFileSync(file, waiting(closed));
    await up(home.dir, "demo", "--post-queue", file, "--post-queue-timeout", "5m");
    const payloads = Array.from({ length: 1000 }, (_, i) => ({
      id: `q-${i}`,
      body: Buffer.from(`{"i":${i}}`),
    }));
    const { answers } = await postAllUntilTaken(home.url, payloads);
    assert.ok(answers.every(({ status }) => status === 200));
    const onStart = when(/Draining/, () => writeFileSync(closed, ""));
    const down = await json<{ drained: number }>(home.dir, ["down", "demo", "--yes"], { onStart });
    assert.ok(down.drained > 900, String(down.drained));
    assert.equal((await post(home.url, "late")).status, 404);
    assert.equal((await post(second, "3", { "webhook-id": "after" })).status, 200);
    assert.ok((await stored("second", "second:after")).includes("second:after"));
    assert.deepEqual(
      (await json<Listed[]>(home.dir, ["ls"])).map(({ name }) => name),
      ["second"],
    );
    const all = await json<Listed[]>(home.dir, ["ls", "--all"]);
    assert.match(all.find(({ name }) => name === "demo")?.state ?? "", /kept/);
    await up(home.dir, "demo");
    assert.equal((await ids("demo")).filter((id) => id.startsWith("demo:q-")).length, 1000);
  });

  it("down of a third that nobody made is refused and names both", async () => {
    const { code, err } = await nami(home.dir, ["down", "nobody", "--yes"]);
    assert.equal(code, 1);
    assert.match(err, /NAME_UNKNOWN/);
    assert.match(err, /demo.*second/);
  });
});
