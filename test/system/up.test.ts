import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { paths } from "../../local/paths";
import { makeHome, type TestHome } from "../support/home";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, nami, ok, storedEvents } from "../support/nami";
import { post } from "../support/post";

interface Done {
  changes: Record<string, number>;
  verified: boolean;
  url: string;
}

interface Previewed {
  stacks: {
    stack: string;
    changes: { action: string; type: string; name: string; properties: { path: string }[] }[];
  }[];
  changes: Record<string, number>;
}

/** Everything under a folder but what the engine and Nami may keep: tools, passphrase, the engine's own logs. */
function traces(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" }).filter(
    (path) => !/^(tools|passphrase|pulumi|host)(\/|$)/.test(path) && /\.(json|ya?ml|js)$/.test(path),
  );
}

const POISON = `export default async (event: { body?: { poison?: boolean } }) => {
  if (event.body?.poison) throw new Error("cannot digest");
};
`;

describe("a name that was never up", function () {
  this.timeout(300_000);
  let home: TestHome;

  beforeEach(async () => {
    home = await makeHome();
  });
  afterEach(() => home?.close());

  it("is previewed with all that will be made, brought up as foreseen, and not changed by a second up", async () => {
    const { stacks, changes } = await json<Previewed>(home.dir, ["preview", "demo"]);
    assert.deepEqual(
      stacks.map(({ stack }) => stack),
      ["nami-gateway/local-us-east-1", "nami-data/demo", "nami/demo"],
    );
    assert.deepEqual(Object.keys(changes), ["create"]);
    assert.deepEqual(traces(home.dir), ["work/package.json"]);
    assert.ok(!existsSync(paths.hostFile(home.dir)));
    const done = await json<Done>(home.dir, ["up", "demo"]);
    assert.deepEqual(done.changes, changes);
    assert.match(done.url, new RegExp(`^http://${home.gateway}/demo$`));
    assert.equal(done.verified, false);
    const { out } = await ok(home.dir, ["up", "demo"]);
    assert.match(out, /demo: no changes/);
    assert.match(out, /unverified: anyone who knows the URL can post/);
  });

  it("is refused a port that another program has, with a way out, and nothing is left half-made", async () => {
    const server = createServer();
    const [address, port] = home.gateway.split(":") as [string, string];
    await new Promise<void>((done) => server.listen(Number(port), address, done));
    try {
      const { code, err } = await nami(home.dir, ["up", "demo"]);
      assert.equal(code, 1);
      assert.match(err, /error\[PORT_TAKEN\].*try: nami host start --listen/s);
      assert.deepEqual(await json<unknown[]>(home.dir, ["ls", "--all"]), []);
    } finally {
      server.close();
    }
  });
});

describe("a name that is up", function () {
  this.timeout(300_000);
  let home: DemoHome;

  before(async () => {
    home = await demoHome();
  });
  after(() => home?.close());

  it("has exactly those properties changed that preview shows for new options, once", async () => {
    const flags = [
      "--batch-size",
      "7",
      "--concurrency",
      "6",
      "--pre-queue-memory",
      "512",
      "--retention",
      "2d",
    ];
    const foreseen = await json<Previewed>(home.dir, ["preview", "demo", ...flags]);
    const all = foreseen.stacks.flatMap(({ changes }) => changes);
    assert.deepEqual(all.map((each) => [each.type, each.properties.map((one) => one.path).sort()]).sort(), [
      ["EventSourceMapping", ["batchSize", "scalingConfig.maximumConcurrency"]],
      ["Function", ["memorySize"]],
      ["Queue", ["messageRetentionSeconds"]],
    ]);
    assert.deepEqual((await json<Previewed>(home.dir, ["preview", "demo"])).changes, {});
    assert.deepEqual((await json<Done>(home.dir, ["up", "demo", ...flags])).changes, foreseen.changes);
    assert.deepEqual((await json<Done>(home.dir, ["up", "demo"])).changes, {});
  });

  it("is made again when the host's database was lost, with the events stored before", async () => {
    await post(home.url, "kept", { "webhook-id": "before" });
    await eventually(
      () => storedEvents(home.dir, "demo"),
      (all) => all.some(({ _id }) => _id === "demo:before"),
      60,
    );
    await ok(home.dir, ["host", "stop"]);
    for (const suffix of ["", "-wal", "-shm"])
      rmSync(`${paths.hostDatabase(home.dir)}${suffix}`, { force: true });
    const { out, err } = await ok(home.dir, ["up", "demo"]);
    assert.match(err, /its database was lost/);
    assert.match(err, /the stored events of demo are given back/);
    assert.doesNotMatch(out, /no changes/);
    const stored = await storedEvents(home.dir, "demo");
    assert.ok(stored.some(({ _id }) => _id === "demo:before"));
    assert.match((await ok(home.dir, ["up", "demo"])).out, /no changes/);
    assert.equal((await post(home.url, "new", { "webhook-id": "after" })).status, 200);
  });

  it("is unlocked, and up says so, when a dead engine left its stack locked", async () => {
    const dir = join(paths.state(home.dir), ".pulumi", "locks", "organization", "nami", "demo");
    mkdirSync(dir, { recursive: true });
    writeFileSync(
      join(dir, "dead.json"),
      JSON.stringify({
        pid: 2 ** 22 + 1,
        username: "me",
        hostname: hostname(),
        timestamp: "2026-01-02T03:04:05Z",
      }),
    );
    assert.match((await ok(home.dir, ["up", "demo"])).err, /left locked by process 4194305/);
  });

  it("is not changed by an up with another passphrase, which is refused", async () => {
    const wrong = await nami(home.dir, ["up", "demo", "--batch-size", "3"], {
      env: { PULUMI_CONFIG_PASSPHRASE: "other" },
    });
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /error\[PASSPHRASE_WRONG\]/);
    assert.deepEqual((await json<Previewed>(home.dir, ["preview", "demo"])).changes, {});
  });

  it("is not taken down while an event remains, stays open, and goes with --discard --yes, then with its data", async () => {
    const file = join(home.dir, "poison.ts");
    writeFileSync(file, POISON);
    const checked = ["--verify", "api-key", "--secret", "env:KEY"];
    await ok(home.dir, ["up", "demo", "--post-queue", file, ...checked], { env: { KEY: "a key" } });
    const key = { authorization: "a key", "content-type": "application/json" };
    assert.equal((await post(home.url, '{"poison":true}', key)).status, 200);
    const refused = await nami(home.dir, ["down", "demo", "--drain-timeout", "3"]);
    assert.equal(refused.code, 1);
    assert.match(refused.err, /error\[MESSAGES_LEFT\]: .*: 1 still in the queue/);
    assert.equal((await post(home.url, "still open", key)).status, 200);
    assert.equal((await post(home.url, "still checked")).status, 401);
    assert.equal((await nami(home.dir, ["down", "demo", "--discard"])).code, 2);
    const down = await json<{ discarded: number; data: string; hostStopped: boolean }>(home.dir, [
      ...["down", "demo", "--discard", "--yes", "--drain-timeout", "3"],
    ]);
    assert.deepEqual([down.discarded, down.data, down.hostStopped], [1, "kept", true]);
    assert.equal((await json<unknown[]>(home.dir, ["ls", "--all"])).length, 1);
    await ok(home.dir, ["down", "demo", "--purge", "--yes"]);
    assert.deepEqual(await json<unknown[]>(home.dir, ["ls", "--all"]), []);
    assert.match((await nami(home.dir, ["down", "demo"])).err, /error\[NAME_UNKNOWN\]/);
  });
});
