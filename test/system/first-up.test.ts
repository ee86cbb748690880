import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { controlRequest } from "../../local/host/client";
import { paths } from "../../local/paths";
import type { ResourceRecord } from "../../local/protocol";
import { makeHome, type TestHome } from "../support/home";
import { json, nami, ok } from "../support/nami";

interface Done {
  changes: Record<string, number>;
  verified: boolean;
  url: string;
}

interface Previewed {
  stacks: { stack: string; changes: unknown[] }[];
  changes: Record<string, number>;
}

/** Everything under a folder but what the engine and Nami may keep: tools, passphrase, the engine's own logs. */
function traces(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: "utf8" }).filter(
    (path) => !/^(tools|passphrase|pulumi|host)(\/|$)/.test(path) && /\.(json|ya?ml|js)$/.test(path),
  );
}

describe("the first up in an empty home", function () {
  this.timeout(300_000);
  let home: TestHome;

  beforeEach(async () => {
    home = await makeHome();
  });
  afterEach(() => home?.close());

  it("preview shows all that will be made and leaves nothing behind, and up makes exactly that", async () => {
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
    assert.equal(done.url, `http://${home.gateway}/demo`);
    assert.equal(done.verified, false);
  });

  it("gateway set makes the gateway where there is none, and the next up finds nothing to change in it", async () => {
    await ok(home.dir, ["gateway", "set", "--region", "us-east-1", "--access-log", "30d"]);
    const logGroups = await controlRequest<ResourceRecord[]>(home.dir, "/resources/list", {
      type: "aws:cloudwatch/logGroup:LogGroup",
    });
    assert.deepEqual(
      logGroups.map(({ urn, inputs }) => [urn.split("::").at(-1), inputs.retentionInDays]),
      [["nami-gateway-access", 30]],
    );
    const { stacks } = await json<Previewed>(home.dir, ["preview", "demo"]);
    assert.deepEqual(
      stacks.filter(({ changes }) => changes.length > 0).map(({ stack }) => stack),
      ["nami-data/demo", "nami/demo"],
    );
  });

  it("a gateway port that another program has is refused with a way out, and nothing is left half-made", async () => {
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
