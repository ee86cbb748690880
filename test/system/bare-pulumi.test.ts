import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { built } from "../support/built";
import { type DemoHome, demoHome } from "../support/home-template";
import { ok, root } from "../support/nami";
import { withTypeScript } from "../support/register";

const execute = promisify(execFile);
const languageHost = join(root, "test", "support", "language-host");

describe("a bare `pulumi` with the exports of `nami env`", function () {
  this.timeout(240_000);
  let home: DemoHome;
  let exports: string;

  before(async () => {
    home = await demoHome();
    exports = (await ok(home.dir, ["env", "demo"])).out;
  });
  after(() => home?.close());

  async function pulumi(command: string): Promise<string> {
    const script = `${exports}\nexport PATH="$PATH:${languageHost}"\n${command}`;
    const { stdout } = await execute("bash", ["-euc", script], { cwd: root, maxBuffer: 1 << 24 });
    return stdout;
  }

  it("previews no change right after `up`", async () => {
    const digest = JSON.parse(await pulumi("pulumi preview -s demo --non-interactive --json")) as {
      changeSummary: Record<string, number>;
    };
    assert.deepEqual(Object.keys(digest.changeSummary), ["same"]);
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

  it("has the same zips as the sources and the build", async () => {
    assert.deepEqual(await previewFrom(root), {});
    assert.deepEqual(await previewFrom(built()), {});
  });

  it("shows the outputs and the configuration", async () => {
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
