import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type DemoHome, demoHome } from "../support/home-template";
import { ok, root, up } from "../support/nami";
import { type Registered, registeredIn } from "../support/registered";

describe("`nami preview` and a bare `pulumi preview`", function () {
  this.timeout(240_000);
  let home: DemoHome;
  let inline: Registered;
  let bare: Registered;

  before(async () => {
    home = await demoHome();
    const files = join(home.dir, "files");
    mkdirSync(files);
    writeFileSync(join(files, "post.ts"), "export default async (event: object) => event;\n");
    await up(
      home.dir,
      "demo",
      "--post-queue",
      join(files, "post.ts"),
      "--batch-size",
      "20",
      "--batch-window",
      "2s",
    );
    const log = (name: string) => join(files, `${name}.log`);
    await ok(home.dir, ["preview", "demo"], { env: { PULUMI_DEBUG_GRPC: log("inline") } });
    const script = `${(await ok(home.dir, ["env", "demo"])).out}
      export PATH="$PATH:${join(root, "test", "support", "language-host")}" PULUMI_DEBUG_GRPC='${log("bare")}'
      pulumi preview -s demo --non-interactive`;
    await promisify(execFile)("bash", ["-euc", script], { cwd: root, maxBuffer: 1 << 24 });
    [inline, bare] = [registeredIn(log("inline")), registeredIn(log("bare"))];
  });
  after(() => home?.close());

  it("register the same resources", () => {
    assert.ok(inline.resources.size > 40, `only ${inline.resources.size} resources`);
    assert.deepEqual([...bare.resources.keys()].sort(), [...inline.resources.keys()].sort());
  });

  it("each with the same inputs, secrets included, and the same options", () => {
    for (const [urn, resource] of inline.resources) assert.deepEqual(bare.resources.get(urn), resource, urn);
    // What is compared is all there: a secret in plain text, and every option that a program of ours sets.
    const all = JSON.stringify([...inline.resources.values()]);
    for (const text of [
      '"NAMI_PROBE_KEY":"',
      '"ignoreChanges":["',
      '"deleteBeforeReplace":true',
      '"urn:pulumi:demo::nami::',
    ])
      assert.ok(all.includes(text), text);
  });

  it("after the same questions, with the same outputs", () => {
    assert.ok(inline.others.length > 5);
    assert.deepEqual(bare.others, inline.others);
  });
});
