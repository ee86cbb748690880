import assert from "node:assert/strict";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Workbench } from "../../../../cli/deployments/room";
import { type OpenStack, withStack } from "../../../../cli/deployments/stack";
import { ownState } from "../../../../cli/deployments/state";
import { STORED_SECRET } from "../../../../infra/option-values";
import { paths } from "../../../../local/paths";
import { type CapturedIo, capturedIo } from "../../../support/captured-io";

interface Call {
  verb: string;
  argv: string[];
  stdin: string;
  env: Record<string, string>;
}

const room = { project: "nami", stack: "orders" } as const;
const nothing = async () => ({});
const place = { target: "local", region: "us-east-1" };

describe("working on a stack", function () {
  this.timeout(20_000);
  let home: string;
  let io: CapturedIo;
  let bench: Workbench;
  const bin = () => join(home, "bin");
  const kept = () => join(paths.work(home), "nami", "orders", "Pulumi.orders.yaml");

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "nami-stack-"));
    mkdirSync(bin());
    copyFileSync(resolve(__dirname, "..", "..", "..", "support", "fake-engine.js"), join(bin(), "pulumi"));
    chmodSync(join(bin(), "pulumi"), 0o755);
    behave({});
    io = capturedIo({ env: {} });
    const engine = { root: home, binary: join(bin(), "pulumi"), version: "3.259.0", source: "PATH" } as const;
    bench = {
      home,
      io,
      engine,
      state: ownState(home),
      target: "local",
      secretsProvider: "passphrase",
      providerPort: 5,
    };
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  function behave(behaviour: Record<string, object>): void {
    writeFileSync(join(bin(), "behaviour.json"), JSON.stringify(behaviour));
  }
  function calls(): Call[] {
    const text = existsSync(join(bin(), "calls.jsonl"))
      ? readFileSync(join(bin(), "calls.jsonl"), "utf8")
      : "";
    return text
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Call);
  }
  const deploy = (written: object, secrets: Record<string, string> = {}) =>
    withStack(bench, room, nothing, async (stack) => {
      if (!existsSync(kept())) await stack.init();
      await stack.configure({ of: "name", written: { ...place, ...written }, secrets });
      return stack.up();
    });

  it("keeps the config of what was deployed, and takes few calls for it", async () => {
    await deploy({ batchSize: "4" });
    assert.deepEqual(
      calls().map(({ verb }) => verb),
      ["stack init", "up"],
    );
    const text = readFileSync(kept(), "utf8");
    assert.match(text, /nami:batchSize: "?'?4/);
    assert.match(text, /aws:region: us-east-1/);
    assert.match(text, /encryptionsalt: v1:salt/);
    assert.deepEqual(await withStack(bench, room, nothing, (stack) => stack.written()), {
      ...place,
      batchSize: "4",
    });
    assert.deepEqual(readdirSync(join(paths.work(home), "nami", "orders")), ["Pulumi.orders.yaml"]);
  });

  it("begins with the salt of another stack of its state, and never with that of an earlier one of its name", async () => {
    await deploy({ batchSize: "4" });
    const saltsAfter = (salt?: string) =>
      withStack(bench, room, nothing, async (stack) => {
        await stack.init(salt);
        const text = readFileSync(join(stack.dir, "Pulumi.orders.yaml"), "utf8");
        return [...text.matchAll(/^encryptionsalt: (\S+)$/gm)].map(([, value]) => value);
      });
    assert.deepEqual(await saltsAfter("v1:shared"), ["v1:shared"]);
    assert.deepEqual(await saltsAfter(), ["v1:salt"]);
    bench.secretsProvider = "awskms://alias/nami";
    assert.deepEqual(await saltsAfter("v1:shared"), ["v1:salt"]);
  });

  it("asks the engine for nothing beside the operation: no selection, no outputs, no history", async () => {
    await deploy({ batchSize: "4" });
    const before = calls().length;
    await withStack(bench, room, nothing, async (stack) => {
      await stack.preview();
      await stack.up();
      await stack.destroy();
    });
    assert.deepEqual(
      calls()
        .slice(before)
        .map(({ verb }) => verb),
      ["preview", "up", "destroy"],
    );
  });

  it("writes nothing once the lease on the state is lost", async () => {
    await deploy({ batchSize: "4" });
    const before = calls().length;
    behave({ "stack export": { stdout: '{"version":3,"deployment":{"resources":[]}}' } });
    bench.lease = { confirm: () => Promise.reject(new Error("lost")) } as unknown as Workbench["lease"];
    const writing: ((stack: OpenStack) => Promise<unknown>)[] = [
      (stack) => stack.init(),
      (stack) => stack.up(),
      (stack) => stack.destroy(),
      (stack) => stack.adopt(new Map()),
      (stack) => stack.remove(),
    ];
    for (const write of writing)
      await assert.rejects(withStack(bench, room, nothing, write), /lost/, String(write));
    // `adopt` exports the stack before it imports it; an export only reads.
    const verbs = calls()
      .slice(before)
      .map(({ verb }) => verb);
    assert.deepEqual(verbs, ["stack export"]);
  });

  it("a preview, and an up that fails before it changes anything, leave the config as it was", async () => {
    await deploy({ batchSize: "4" });
    const before = readFileSync(kept(), "utf8");
    await withStack(bench, room, nothing, async (stack) => {
      await stack.configure({ of: "name", written: { ...place, batchSize: "5" }, secrets: {} });
      await stack.preview();
    });
    behave({ up: { code: 255, stderr: "error: no" } });
    await assert.rejects(deploy({ batchSize: "6" }), { code: "ENGINE_FAILED" });
    assert.equal(readFileSync(kept(), "utf8"), before);
    assert.deepEqual(readdirSync(join(paths.work(home), "nami", "orders")), ["Pulumi.orders.yaml"]);
  });

  it("a secret goes through standard input, and stays when it is not given anew", async () => {
    await deploy({ mongoUri: "env:URI" }, { mongoUri: "mongodb://me:hush@db" });
    const set = calls().find(({ verb }) => verb === "config set");
    assert.equal(set?.stdin, "mongodb://me:hush@db");
    assert.ok(!calls().some(({ argv, env }) => JSON.stringify([argv, env]).includes("hush")));
    assert.ok(!readFileSync(kept(), "utf8").includes("hush"));
    await deploy({ mongoUri: STORED_SECRET, batchSize: "2" });
    assert.match(readFileSync(kept(), "utf8"), /nami:mongoUri:\s+secure: v1:encrypted/);
    await deploy({ batchSize: "2" });
    assert.doesNotMatch(readFileSync(kept(), "utf8"), /mongoUri/);
  });

  it("the shared stacks know the place only", async () => {
    const gateway = { project: "nami-gateway", stack: "local-us-east-1" } as const;
    await withStack(bench, gateway, nothing, async (stack) => {
      await stack.init();
      await stack.configure({
        of: "name",
        written: { ...place, batchSize: "4" },
        secrets: { mongoUri: "x" },
      });
      await stack.up();
    });
    const text = readFileSync(
      join(paths.work(home), "nami-gateway", "local-us-east-1", "Pulumi.local-us-east-1.yaml"),
      "utf8",
    );
    assert.match(text, /nami:target: local/);
    assert.doesNotMatch(text, /batchSize|mongoUri/);
  });

  it("an up leaves what gateway set has given the gateway, and gateway set what is not its own", async () => {
    const gateway = { project: "nami-gateway", stack: "local-us-east-1" } as const;
    const written = (of: "name" | "gateway", options: object) =>
      withStack(bench, gateway, nothing, async (stack) => {
        await stack.configure({
          of,
          written: { ...place, ...options },
          secrets: {},
          account: "123456789012",
        });
        await stack.up();
        return stack.written();
      });
    await written("gateway", { throttleRate: "50" });
    assert.deepEqual(await written("name", { batchSize: "4" }), { ...place, throttleRate: "50" });
    assert.deepEqual(await written("gateway", { accessLog: "off" }), { ...place, accessLog: "off" });
    const file = join(paths.work(home), "nami-gateway", gateway.stack, `Pulumi.${gateway.stack}.yaml`);
    assert.match(readFileSync(file, "utf8"), /nami:account: '123456789012'/);
  });

  it("the data of a name knows the options that outlive the pipeline", async () => {
    const data = { project: "nami-data", stack: "orders" } as const;
    const written = await withStack(bench, data, nothing, async (stack) => {
      const options = { ...place, volumeSize: "40", batchSize: "4" };
      await stack.configure({ of: "name", written: options, secrets: {} });
      await stack.up();
      return stack.written();
    });
    assert.deepEqual(written, { ...place, volumeSize: "40" });
  });

  it("the engine sees Nami's own state, passphrase and provider, and no inherited provider", async () => {
    process.env.PULUMI_DEBUG_PROVIDERS = "aws:1";
    process.env.PULUMI_STACK = "other";
    try {
      await deploy({});
    } finally {
      delete process.env.PULUMI_DEBUG_PROVIDERS;
      delete process.env.PULUMI_STACK;
    }
    const { env } = calls().find(({ verb }) => verb === "up")!;
    assert.equal(env.PULUMI_BACKEND_URL, ownState(home));
    assert.equal(env.PULUMI_DEBUG_PROVIDERS, "aws:5,awsx:5");
    assert.equal(env.PULUMI_STACK, undefined);
    assert.equal(env.PULUMI_HOME, paths.pulumi(home));
    assert.equal(env.PULUMI_CONFIG_PASSPHRASE_FILE, paths.passphrase(home));
    assert.equal(statSync(paths.passphrase(home)).mode & 0o777, 0o600);
    bench = { ...bench, target: "aws", providerPort: undefined };
    await deploy({});
    assert.equal(calls().at(-1)?.env.PULUMI_DEBUG_PROVIDERS, undefined);
  });

  it("a passphrase of one's own is used instead; shared state asks for one", async () => {
    bench = { ...bench, io: capturedIo({ env: { PULUMI_CONFIG_PASSPHRASE: "p" } }) };
    await deploy({});
    assert.equal(calls().at(-1)?.env.PULUMI_CONFIG_PASSPHRASE, "p");
    assert.equal(existsSync(paths.passphrase(home)), false);
    bench = { ...bench, state: "s3://bucket", io };
    await assert.rejects(deploy({}), { code: "PASSPHRASE_NEEDED" });
  });

  it("a key is what a new stack is begun with, and takes no passphrase", async () => {
    const key = "awskms://alias/nami?region=eu-central-1";
    bench = { ...bench, state: `file://${home}-team`, secretsProvider: key };
    await deploy({}).finally(() => rmSync(`${home}-team`, { recursive: true, force: true }));
    const [init] = calls();
    assert.deepEqual(init?.argv.slice(0, 6), [
      "stack",
      "init",
      "orders",
      "--no-select",
      "--secrets-provider",
      key,
    ]);
    assert.equal(init?.env.PULUMI_CONFIG_PASSPHRASE_FILE, undefined);
    assert.equal(existsSync(paths.passphrase(home)), false);
  });

  describe("in shared state", () => {
    const team = () => `${home}-team`;
    const inState = () => join(team(), ".nami", "config", "nami", "orders.yaml");
    const operated = (seconds: number) => {
      const history = join(team(), ".pulumi", "history", "nami", "orders");
      mkdirSync(history, { recursive: true });
      writeFileSync(join(history, "orders-1.history.json"), "{}");
      const time = Date.now() / 1000 + seconds;
      utimesSync(join(history, "orders-1.history.json"), time, time);
    };
    const fetched = () =>
      withStack(bench, room, nothing, async (stack) => {
        await stack.freshConfig();
        return stack.written();
      });

    beforeEach(() => {
      const shared = capturedIo({ env: { PULUMI_CONFIG_PASSPHRASE: "p" } });
      bench = { ...bench, io: shared, state: `file://${team()}` };
    });
    afterEach(() => rmSync(team(), { recursive: true, force: true }));

    it("the config is kept there for everybody from the first change on, with its secrets encrypted", async () => {
      const started = { resourcePreEvent: { metadata: { op: "create", type: "aws:sqs/queue:Queue" } } };
      behave({ up: { code: 255, stderr: "error: no", event: started } });
      bench = { ...bench, engine: { ...bench.engine, version: "3.190.0" } };
      await assert.rejects(deploy({ batchSize: "4", mongoUri: "env:URI" }, { mongoUri: "mongodb://hush" }), {
        code: "ENGINE_FAILED",
      });
      assert.match(readFileSync(inState(), "utf8"), /nami:batchSize: "?'?4/);
      assert.match(readFileSync(inState(), "utf8"), /secure: v1:encrypted/);
    });

    it("a colleague's deployment counts, not what was kept here", async () => {
      await deploy({ batchSize: "4" });
      writeFileSync(inState(), readFileSync(inState(), "utf8").replace(/batchSize: \S+/, "batchSize: 7"));
      operated(-60);
      assert.deepEqual(await fetched(), { ...place, batchSize: "7" });
      assert.ok(!calls().some(({ verb }) => verb === "config refresh"));
    });

    it("what a bare pulumi did since is asked of the engine", async () => {
      await deploy({ batchSize: "4" });
      operated(60);
      await fetched();
      assert.equal(calls().at(-1)?.verb, "config refresh");
    });

    it("a new stack has nothing of an earlier one of its name", async () => {
      await deploy({ batchSize: "4" });
      await withStack(bench, room, nothing, (stack) => stack.init());
      assert.equal(existsSync(inState()), false);
    });
  });

  const locked = (pid: number) =>
    `error: the stack is currently locked by 1 lock(s).\n  file:///x: created by me@${hostname()} (pid ${pid}) at 2026-01-02T03:04:05Z`;

  it("a lock of a dead process is cleared, which is told, and the work goes on", async () => {
    behave({ up: { code: 255, stderr: locked(2 ** 22 + 1), once: true } });
    await deploy({});
    assert.deepEqual(
      calls().map(({ verb }) => verb),
      ["stack init", "up", "cancel", "up"],
    );
    assert.match(io.said(), /nami\/orders was left locked by process 4194305 .* gone/);
  });

  it("Ctrl+C reaches the engine once, and ends as an abort", async () => {
    const controller = new AbortController();
    bench = { ...bench, io: capturedIo({ env: {}, signal: controller.signal }) };
    behave({ up: { hang: true } });
    const work = deploy({});
    while (!calls().some(({ verb }) => verb === "up")) await new Promise((next) => setTimeout(next, 50));
    await new Promise((next) => setTimeout(next, 300));
    controller.abort();
    await assert.rejects(work, { name: "AbortError" });
    assert.equal(calls().filter(({ verb }) => verb === "SIGINT").length, 1);
  });

  it("runs the program in NAMI_HOME/work, and comes back", async () => {
    const before = process.cwd();
    await deploy({});
    assert.equal(process.cwd(), before);
    assert.deepEqual(JSON.parse(readFileSync(join(paths.work(home), "package.json"), "utf8")), {
      name: "nami-work",
      private: true,
    });
  });
});
