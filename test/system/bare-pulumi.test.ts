import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { built } from "../support/built";
import { type DemoHome, demoHome } from "../support/home-template";
import { ok, root, up } from "../support/nami";
import { withTypeScript } from "../support/register";
import { type Registered, registeredIn } from "../support/registered";

const execute = promisify(execFile);
const languageHost = join(root, "test", "support", "language-host");

describe("a bare `pulumi` with the exports of `nami env`", function () {
  this.timeout(300_000);
  let home: DemoHome;
  let exports: string;

  before(async () => {
    home = await demoHome();
    exports = (await ok(home.dir, ["env", "demo"])).out;
    const code = join(home.dir, "post.ts");
    writeFileSync(code, "export default async (event: object) => event;\n");
    await up(home.dir, "demo", "--post-queue", code, "--batch-size", "20", "--batch-window", "2s");
  });
  after(() => home?.close());

  async function pulumi(command: string): Promise<string> {
    const script = `${exports}\nexport PATH="$PATH:${languageHost}"\n${command}`;
    const { stdout } = await execute("bash", ["-euc", script], { cwd: root, maxBuffer: 1 << 24 });
    return stdout;
  }

  describe("previewing right after an `up`", () => {
    let inline: Registered;
    let bare: Registered;
    let summary: Record<string, number>;

    before(async () => {
      const logs = join(home.dir, "logs");
      mkdirSync(logs);
      const log = (name: string) => join(logs, `${name}.log`);
      await ok(home.dir, ["preview", "demo"], { spawned: true, env: { PULUMI_DEBUG_GRPC: log("inline") } });
      const digest = await pulumi(
        `PULUMI_DEBUG_GRPC='${log("bare")}' pulumi preview -s demo --non-interactive --json`,
      );
      summary = (JSON.parse(digest) as { changeSummary: Record<string, number> }).changeSummary;
      [inline, bare] = [registeredIn(log("inline")), registeredIn(log("bare"))];
    });

    it("finds no change to make", () => assert.deepEqual(Object.keys(summary), ["same"]));

    it("registers the same resources as `nami preview`", () => {
      assert.ok(inline.resources.size > 40, `only ${inline.resources.size} resources`);
      assert.deepEqual([...bare.resources.keys()].sort(), [...inline.resources.keys()].sort());
    });

    it("registers each with the same inputs, secrets included, and the same options", () => {
      for (const [urn, resource] of inline.resources)
        assert.deepEqual(bare.resources.get(urn), resource, urn);
      // The comparison covers a secret in plain text and every option that a program of Nami sets.
      const all = JSON.stringify([...inline.resources.values()]);
      for (const text of [
        '"NAMI_PROBE_KEY":"',
        '"ignoreChanges":["',
        '"deleteBeforeReplace":true',
        '"urn:pulumi:demo::nami::',
      ])
        assert.ok(all.includes(text), text);
    });

    it("looks up the same things and exports the same outputs", () => {
      assert.ok(inline.others.length > 5);
      assert.deepEqual(bare.others, inline.others);
    });
  });

  /** Runs the command line of `folder`: the sources through ts-node, or a build. */
  async function previewFrom(folder: string): Promise<unknown> {
    const script = `
      const { main } = require(${JSON.stringify(join(folder, "cli", "main"))});
      const { processIo } = require(${JSON.stringify(join(folder, "cli", "io"))});
      main(["preview", "demo", "--json"], processIo(process)).then((code) => process.exit(code));`;
    const { stdout } = await execute(process.execPath, [...withTypeScript, "-e", script], {
      cwd: root,
      env: { ...process.env, NAMI_HOME: home.dir },
    });
    return (JSON.parse(stdout) as { changes: unknown }).changes;
  }

  it("deploys the same zips as the sources and the build", async () => {
    assert.deepEqual(await previewFrom(root), {});
    assert.deepEqual(await previewFrom(built()), {});
  });

  it("shows the outputs, the secret ones hidden, and the configuration", async () => {
    const outputs = JSON.parse(await pulumi("pulumi stack output -s demo --json")) as {
      url: string;
      probeKey: string;
    };
    assert.match(outputs.url, /\/demo$/);
    assert.equal(outputs.probeKey, "[secret]");
    const config = JSON.parse(await pulumi("pulumi config -s demo --json")) as Record<
      string,
      { value: string }
    >;
    assert.equal(config["nami:target"]?.value, "local");
  });
});
