import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../../cli/main";
import { checkCredentials, checkHome, checkPort } from "../../../cli/operate/checks";
import { exportedVariables, exportLines } from "../../../cli/operate/pulumi-exports";
import { paths } from "../../../local/paths";
import { capturedIo } from "../../support/captured-io";

describe("without a deployment", () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "nami-cli-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  async function nami(...argv: string[]): Promise<{ code: number; said: string; results: string }> {
    const io = capturedIo({ env: { PATH: "/usr/bin:/bin", NAMI_HOME: home, HOME: home } });
    const code = await main(argv, io);
    return { code, said: io.said(), results: io.results() };
  }

  it("gateway set keeps address and public URL for the next start; none takes the URL away", async () => {
    assert.equal(
      (await nami("gateway", "set", "--listen", "127.0.0.1:7001", "--public-url", "https://x.example/")).code,
      0,
    );
    assert.deepEqual(JSON.parse(readFileSync(paths.hostSettings(home), "utf8")), {
      listen: "127.0.0.1:7001",
      publicUrl: "https://x.example",
    });
    const { results } = await nami("gateway", "show", "--json");
    assert.deepEqual(JSON.parse(results), {
      target: "local",
      region: "us-east-1",
      url: "https://x.example",
      options: null,
      listen: "127.0.0.1:7001",
      publicUrl: "https://x.example",
      running: false,
    });
    await nami("gateway", "set", "--public-url", "none");
    assert.deepEqual(JSON.parse(readFileSync(paths.hostSettings(home), "utf8")), {
      listen: "127.0.0.1:7001",
    });
  });

  it("gateway and host refuse an address, a URL or an action that cannot be, and change nothing", async () => {
    const wrong = [
      ["gateway", "set"],
      ["gateway", "set", "--listen", "7001"],
      ["gateway", "set", "--listen", "127.0.0.1:70001"],
      ["gateway", "set", "--public-url", "hooks.example.com"],
      ["gateway", "set", "--public-url", "https://x.example/?a=1"],
      ["gateway", "drop"],
      ["gateway", "set", "--target", "aws", "--listen", "127.0.0.1:7001"],
      ["gateway", "set", "--domain", "hooks.example.com"],
      ["host", "restart"],
    ];
    for (const argv of wrong) {
      const { code, said } = await nami(...argv);
      assert.equal(code, 2, argv.join(" "));
      assert.match(said, /error\[USAGE\]/);
    }
    assert.throws(() => readFileSync(paths.hostSettings(home)));
  });

  it("host status without a host is an error that says what to run; stop is content", async () => {
    const { code, said } = await nami("host", "status");
    assert.equal(code, 1);
    assert.match(said, /HOST_NOT_RUNNING[\s\S]*nami host start/);
    assert.equal((await nami("host", "stop")).code, 0);
  });

  it("events and status of a name that nobody made name those there are", async () => {
    for (const verb of ["events", "status", "env"]) {
      const { code, said } = await nami(verb, "nobody");
      assert.equal(code, 1);
      assert.match(said, /NAME_UNKNOWN/);
    }
    assert.equal((await nami("events", "nobody", "--limit", "0")).code, 2);
  });

  it("doctor finds each thing with a fix, and exits 1 only for what is broken", async () => {
    const { code, results } = await nami("doctor", "--json");
    const checks = JSON.parse(results) as { check: string; ok: boolean; broken: boolean; fix?: string }[];
    assert.deepEqual(
      checks.map(({ check }) => check),
      ["node", "home", "engine", "mongo", "gateway", "wall", "aws"],
    );
    assert.equal(code, checks.some(({ broken }) => broken) ? 1 : 0);
    for (const { ok, fix, check } of checks) assert.equal(fix === undefined, ok, check);
  });

  it("doctor names what is in the way: a home that cannot be written, a port that is taken", async () => {
    assert.equal(checkHome(capturedIo({ env: { NAMI_HOME: "/proc/nami-cannot-be" } })).broken, true);
    const server = createServer();
    await new Promise<void>((next) => server.listen(0, "127.0.0.1", next));
    const { port } = server.address() as { port: number };
    const taken = await checkPort(`127.0.0.1:${port}`);
    await new Promise((next) => server.close(next));
    assert.equal(taken.broken, true);
    assert.match(taken.fix ?? "", /nami gateway set --listen/);
    assert.equal((await checkPort(`127.0.0.1:${port}`)).ok, true);
  });

  it("a home that others can look into is closed, and that is said once", () => {
    chmodSync(home, 0o755);
    const io = capturedIo({ env: { NAMI_HOME: home } });
    const { said } = io;
    assert.equal(checkHome(io).ok, true);
    assert.equal(statSync(home).mode & 0o777, 0o700);
    assert.match(said(), /was open to others \(mode 0755\): it is its owner's alone now/);
    const before = said();
    checkHome(io);
    assert.equal(said(), before);
  });

  it("doctor sees credentials wherever the AWS chain would, without asking anybody", () => {
    assert.equal(checkCredentials({ HOME: home }).ok, false);
    assert.equal(checkCredentials({ HOME: home }).broken, false);
    assert.match(checkCredentials({ HOME: home, AWS_PROFILE: "x" }).found, /AWS_PROFILE/);
  });
});

describe("the exports of a bare pulumi", () => {
  const facts = {
    home: "/h o/me",
    name: "demo",
    target: "local",
    region: "eu-central-1",
    secretsProvider: "passphrase",
    backend: "file:///h o/me/state",
    engineDir: "/e/bin",
    launchers: "/l",
    env: { PULUMI_CONFIG_PASSPHRASE: "secret", PATH: "/usr/bin" },
  };

  it("put Nami's provider, the engine and this Node first on PATH", () => {
    assert.match(exportedVariables(facts).PATH ?? "", /^\/l:\/e\/bin:.*:\/usr\/bin$/);
    const { launchers: _none, ...aws } = facts;
    assert.match(exportedVariables({ ...aws, target: "aws" }).PATH ?? "", /^\/e\/bin:/);
  });

  it("never print a passphrase", () => {
    const text = exportLines(facts).join("\n");
    assert.doesNotMatch(text, /secret/);
    assert.match(text, /export PULUMI_BACKEND_URL='file:\/\/\/h o\/me\/state'/);
    assert.match(text, /^unset PULUMI_DEBUG_PROVIDERS$/m);
  });

  it("take an AWS name's providers from Pulumi itself", () => {
    assert.equal(
      exportedVariables({ ...facts, target: "aws" }).PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION,
      "false",
    );
  });
});
