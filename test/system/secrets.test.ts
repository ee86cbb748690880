import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { chmodSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { paths } from "../../local/paths";
import { type ArgvSampler, sampleArgv } from "../support/argv-sampler";
import { filesWithSecrets, type Secret, secretsIn } from "../support/find-secrets";
import { makeHome, type TestHome } from "../support/home";
import { startMongo, type TestMongo } from "../support/mongo";
import { nami, type Result, root } from "../support/nami";
import { post } from "../support/post";

/** Where secrets may lie on this machine, in a private file: what stands for the settings of AWS's functions and its parameters. */
const ALLOWED = /^host\/host\.db(-wal|-shm)?$/;
/** What stands for AWS's disks: the databases themselves, hundreds of megabytes, in private folders. */
const DISKS = /^host\/(volumes|instances)\//;

const PASSPHRASE = "planted-passphrase-5f0c1a";

/** `byenv` uses a MongoDB outside Nami, `own` the one that Nami runs. */
const names = ["byenv", "own"];

describe("no secret is in clear", function () {
  this.timeout(900_000);
  let home: TestHome;
  let databases: TestMongo[];
  let env: Record<string, string>;
  let sampler: ArgvSampler;
  let commandLines: string[];
  let sampling = false;
  const said: { args: string[]; text: string }[] = [];
  const secrets: Secret[] = [{ name: "the passphrase", value: PASSPHRASE }];

  async function run(...args: string[]): Promise<Result> {
    // A process of its own shows also what a library prints past Nami.
    const result = await nami(home.dir, args, { env, spawned: sampling || args.includes("--verbose") });
    said.push({ args, text: result.out + result.err });
    return result;
  }
  async function ok(...args: string[]): Promise<string> {
    const { code, out, err } = await run(...args);
    assert.equal(code, 0, `nami ${args.join(" ")}\n${out}\n${err}`);
    return out;
  }
  async function fails(...args: string[]): Promise<void> {
    assert.notEqual((await run(...args)).code, 0, args.join(" "));
  }

  /** What Nami made up itself, as only somebody with the passphrase can read it. */
  async function generated(stack: string, output: string): Promise<string> {
    const script = `${await ok("env", "own")}\npulumi stack output ${output} -s organization/${stack} --show-secrets`;
    const { stdout } = await promisify(execFile)("bash", ["-euc", script], {
      cwd: root,
      env: { ...process.env, NAMI_HOME: home.dir, ...env },
    });
    assert.match(stdout.trim(), /^[0-9a-f]{64}$/);
    return stdout.trim();
  }

  /** The database is not there: neither `up` nor `down` comes to its end. */
  async function failing(url: string): Promise<void> {
    await fails("up", "bad", "--mongo-uri", "env:NOWHERE", "--verbose");
    await databases[1]!.close();
    await post(`${new URL(url).origin}/byenv`, "{}", { "webhook-id": "two" });
    await fails("status", "nobody");
    await run("status", "byenv", "--verbose");
    await fails("events", "byenv", "--verbose");
    await fails("down", "byenv", "--drain-timeout", "2", "--verbose");
    await fails("up", "byenv", "--verbose", "--json");
  }

  before(async () => {
    home = await makeHome();
    databases = await Promise.all(
      ["byenv", "byfile"].map((name) => startMongo({ name, password: `planted-${name}-9d27be` })),
    );
    secrets.push({ name: "the URI given by env:", value: "planted-byenv-9d27be" });
    secrets.push({ name: "the URI given by file:", value: "planted-byfile-9d27be" });
    secrets.push({ name: "the URI of no database", value: "planted-nowhere-41c7d3" });
    env = {
      ...{ PULUMI_CONFIG_PASSPHRASE: PASSPHRASE, BY_ENV: databases[0]!.uri },
      NOWHERE: "mongodb://me:planted-nowhere-41c7d3@127.0.0.1:1/",
    };
    sampler = sampleArgv();
    sampling = true;
    const file = join(home.dir, "tools.uri");
    writeFileSync(file, databases[1]!.uri, { mode: 0o600 });
    chmodSync(file, 0o600);
    await ok("preview", "byenv", "--mongo-uri", "env:BY_ENV", "--verbose");
    await ok("up", "byenv", "--mongo-uri", "env:BY_ENV", "--verbose");
    await ok("up", "byenv", "--mongo-uri", `file:${file}`, "--json");
    await ok("up", "own");
    await ok("up", "own", "--batch-size", "3", "--verbose", "--json");
    commandLines = sampler.stop();
    sampling = false;
    secrets.push({ name: "the Mongo password", value: await generated("nami-data/own", "password") });
    secrets.push({ name: "the probe key", value: await generated("nami/own", "probeKey") });
  });
  after(async () => {
    await home?.close();
    await Promise.all((databases ?? []).map((each) => each.close()));
  });

  it("in the arguments of any process, looked at every 20 ms while `up` runs", () => {
    assert.ok(sampler.looks > 100, `only ${sampler.looks} looks`);
    assert.ok(
      commandLines.some((line) => line.includes("pulumi up")),
      "not even the engine was seen",
    );
    for (const line of commandLines) assert.deepEqual(secretsIn(line, secrets), [], line.slice(0, 60));
  });

  it("in the environment of the host, which outlives the shell that started it", () => {
    const { pid } = JSON.parse(readFileSync(paths.hostFile(home.dir), "utf8")) as { pid: number };
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
    assert.ok(environment.includes(`NAMI_HOME=${home.dir}`));
    assert.deepEqual(secretsIn(environment, secrets), []);
  });

  it("in what any command says, also --verbose, also when it fails", async () => {
    const [row] = JSON.parse(await ok("ls", "--json")) as { url: string }[];
    // `preview --json --verbose` prints all that a plain preview prints. The other verbs print the same for each name.
    for (const [i, name] of names.entries()) {
      await post(`${new URL(row!.url).origin}/${name}`, "{}", { "webhook-id": "one" });
      for (const verb of ["status", "events", "env"]) {
        await ok(verb, name);
        await ok(verb, name, "--json", ...(i === 0 ? ["--verbose"] : []));
      }
      await ok("preview", name, "--json", "--verbose");
    }
    await ok("state", "show");
    await ok("doctor", "--json");
    await failing(row!.url);
    for (const { args, text } of said)
      assert.deepEqual(secretsIn(text, secrets), [], `nami ${args.join(" ")}`);
  });

  it("in any file of Nami's but the host's own, which are private", () => {
    const found = filesWithSecrets(home.dir, secrets, DISKS).filter(({ path }) => path !== "tools.uri");
    assert.ok(found.length > 0, "the search does not even find what the host keeps");
    assert.deepEqual(
      found.filter(({ path, isPrivate }) => !isPrivate || !ALLOWED.test(path)),
      [],
    );
    for (const folder of ["volumes", "instances"])
      assert.equal(statSync(join(paths.host(home.dir), folder)).mode & 0o077, 0, folder);
  });
});

describe("the search for secrets", () => {
  const secrets = [{ name: "s", value: "planted-secret-value" }];

  it("finds one as it is, in a URL, and in base64 wherever it stands", () => {
    const texts = [
      "x planted-secret-value y",
      ...["", "a", "ab", "abc"].map((before) => {
        return Buffer.from(`${before}planted-secret-value and more`).toString("base64");
      }),
    ];
    for (const text of texts) assert.deepEqual(secretsIn(text, secrets), ["s"], text);
    assert.deepEqual(secretsIn("nothing of the kind", secrets), []);
  });
});
