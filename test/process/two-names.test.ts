import assert from "node:assert/strict";
import { makeHome, type TestHome } from "../support/home";
import { eventually, json, nami, ok, storedEvents, up } from "../support/nami";
import { post, postAll } from "../support/post";

interface Listed {
  name: string;
  url: string;
  target: string;
  state: string;
  updatedAt: string;
}

describe("two names on one machine", function () {
  this.timeout(300_000);
  let home: TestHome;
  let first: string;
  let second: string;

  before(async () => {
    home = await makeHome();
    const brought = ["first", "second"].map((name) =>
      nami(home.dir, ["up", name, "--yes", "--json"], { spawned: true }),
    );
    [first, second] = (await Promise.all(brought)).map(
      ({ out }) => (JSON.parse(out) as { url: string }).url,
    ) as [string, string];
  });
  after(() => home?.close());

  it("come up side by side under one host and port", async () => {
    assert.equal(new URL(first).host, new URL(second).host);
    const listed = await json<Listed[]>(home.dir, ["ls"]);
    assert.deepEqual(
      listed.map(({ name, url, target }) => ({ name, url, target })),
      [
        { name: "first", url: first, target: "local" },
        { name: "second", url: second, target: "local" },
      ],
    );
  });

  it("keep their events apart", async () => {
    await post(first, "1", { "webhook-id": "same" });
    await post(second, "2", { "webhook-id": "same" });
    const ids = async (name: string) => (await storedEvents(home.dir, name)).map(({ _id }) => _id);
    assert.deepEqual(
      await eventually(
        () => ids("first"),
        (all) => all.includes("first:same"),
        60,
      ),
      ["first:same"],
    );
    assert.deepEqual(
      await eventually(
        () => ids("second"),
        (all) => all.includes("second:same"),
        60,
      ),
      ["second:same"],
    );
  });

  it("have a database process each", async () => {
    const { mongo } = await json<{ mongo: Record<string, { pid: number; port: number }> }>(home.dir, [
      "host",
      "status",
    ]);
    const processes = Object.values(mongo);
    assert.equal(processes.length, 2);
    assert.equal(new Set(processes.map(({ pid }) => pid)).size, 2);
    assert.equal(new Set(processes.map(({ port }) => port)).size, 2);
  });

  it("leave the other alone when one with 1,000 queued goes down drained, and comes back with its documents", async () => {
    const payloads = Array.from({ length: 1000 }, (_, i) => ({
      id: `q-${i}`,
      body: Buffer.from(`{"i":${i}}`),
    }));
    const answers = await postAll(first, payloads);
    assert.ok(answers.every(({ status }) => status === 200));
    await ok(home.dir, ["down", "first", "--yes"]);
    assert.equal((await post(first, "late")).status, 404);
    assert.equal((await post(second, "3", { "webhook-id": "after" })).status, 200);
    const others = await eventually(
      () => storedEvents(home.dir, "second"),
      (all) => all.some(({ _id }) => _id === "second:after"),
      60,
    );
    assert.ok(others.some(({ _id }) => _id === "second:after"));
    assert.deepEqual(
      (await json<Listed[]>(home.dir, ["ls"])).map(({ name }) => name),
      ["second"],
    );
    assert.match(
      (await json<Listed[]>(home.dir, ["ls", "--all"])).find(({ name }) => name === "first")?.state ?? "",
      /kept/,
    );
    await up(home.dir, "first");
    const ids = (await storedEvents(home.dir, "first")).map(({ _id }) => _id);
    assert.equal(ids.filter((id) => id.startsWith("first:q-")).length, 1000);
  });

  it("are named when a name is to go down that nobody made", async () => {
    const { code, err } = await nami(home.dir, ["down", "nobody", "--yes"]);
    assert.equal(code, 1);
    assert.match(err, /NAME_UNKNOWN/);
    assert.match(err, /second/);
  });
});
