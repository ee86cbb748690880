import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { takeLock } from "../../../cli/lock";
import { main } from "../../../cli/main";
import { paths } from "../../../local/paths";
import { capturedIo } from "../../support/captured-io";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "hush" };

describe("nami ls", () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "nami-ls-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  function keep(project: string, stack: string, outputs?: object, more: object = {}): void {
    const dir = join(paths.state(home), ".pulumi", "stacks", project);
    mkdirSync(dir, { recursive: true });
    const resources = outputs && [
      { urn: "u", type: "pulumi:pulumi:Stack", outputs: { ...outputs, probeKey: SECRET } },
    ];
    writeFileSync(
      join(dir, `${stack}.json`),
      JSON.stringify({ version: 3, checkpoint: { latest: outputs && { resources, ...more } } }),
    );
    writeFileSync(join(dir, `${stack}.json.bak`), "{}");
  }

  async function ls(...flags: string[]) {
    const io = capturedIo({ env: { NAMI_HOME: home } });
    assert.equal(await main(["ls", ...flags], io), 0);
    return io;
  }

  const listed = async (...flags: string[]) =>
    JSON.parse((await ls(...flags, "--json")).results()) as {
      name: string;
      state: string;
      url: string | null;
    }[];

  it("names what is deployed, sorted, without a secret", async () => {
    keep("nami", "zoo", { url: "http://h/zoo", target: "local" });
    keep("nami", "ant", { url: "http://h/ant", target: "aws" });
    keep("nami-data", "ant", {});
    keep("nami-gateway", "local-us-east-1", {});
    assert.deepEqual(
      (await listed()).map(({ name, state, url }) => [name, state, url]),
      [
        ["ant", "deployed", "http://h/ant"],
        // On this machine the gateway's address of now holds, not that of the last `up`.
        ["zoo", "deployed", "http://127.0.0.1:6264/zoo"],
      ],
    );
    assert.deepEqual(Object.keys((await listed())[0]!), [
      "name",
      "url",
      "target",
      "region",
      "state",
      "alarms",
      "updatedAt",
    ]);
    assert.doesNotMatch((await ls()).said(), /hush/);
    assert.deepEqual(
      (await listed("--target", "aws")).map(({ name }) => name),
      ["ant"],
    );
  });

  it("with --all also names whose data is kept", async () => {
    keep("nami", "up", { url: "http://h/up" });
    keep("nami-data", "up", {});
    keep("nami-data", "down", {});
    assert.deepEqual(
      (await listed("--all")).map(({ name, state }) => [name, state]),
      [
        ["down", "data kept"],
        ["up", "deployed"],
      ],
    );
  });

  it("shows which names are incomplete, and which are being worked on", async () => {
    keep("nami", "half", {});
    keep("nami", "cut", { url: "http://h/cut" }, { pending_operations: [{}] });
    keep("nami", "busy", { url: "http://h/busy" });
    keep("nami", "empty");
    const lock = takeLock({ home, name: "busy", command: "up busy", now: Date.now });
    const states = Object.fromEntries((await listed()).map(({ name, state }) => [name, state]));
    lock.release();
    assert.deepEqual(states, { half: "incomplete", cut: "incomplete", busy: "up is running" });
  });

  it("says how to begin where nothing is deployed, and prints an empty array as JSON", async () => {
    assert.match((await ls()).said(), /nami up orders/);
    assert.deepEqual(await listed(), []);
  });

  it("loads neither the Automation API nor @pulumi/aws", async () => {
    keep("nami", "one", { url: "http://h/one" });
    const before = new Set(Object.keys(require.cache));
    await ls();
    const loaded = Object.keys(require.cache).filter((file) => !before.has(file));
    assert.deepEqual(
      loaded.filter((file) => file.includes("@pulumi")),
      [],
    );
  });
});
