import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { bundleHandler } from "../../../infra/bundle";
import { handlerFactory } from "../../../infra/handler-factory";
import { userSourceMap } from "../../../infra/source-map";
import { httpEvent } from "../../support/aws-events";

const INDEX = `import { charge } from "../shared/charge";

interface Order {
  total: number;
}

export default async function handler(event: { body?: unknown }, tools: { log(text: string): void }) {
  tools.log("charging");
  charge((event.body as Order).total);
}
`;
const CHARGE = `/** A comment that is not in the bundle. */
export function charge(total: number): void {
  if (total > 3) {
    throw new RangeError("too much");
  }
}
`;

describe("the source map of user code", function () {
  this.timeout(30_000);
  let cwd: string;
  beforeEach(() => {
    cwd = realpathSync(mkdtempSync(join(tmpdir(), "nami-map-")));
  });
  afterEach(() => rmSync(cwd, { recursive: true }));

  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  };
  const bundle = (kind: "pre-queue" | "post-queue", userFile: string, folder = cwd) =>
    bundleHandler({ kind, name: "demo", userFile, cwd: folder });

  /** As CallbackFunction writes `__index.js`, beside the bundle. */
  async function index(path: string, sourceMaps: boolean): Promise<void> {
    const settings = { name: "demo", maxMessageBytes: 1e6, verification: { scheme: "none" } };
    const { text } = await pulumi.runtime.serializeFunction(handlerFactory(path, settings, { sourceMaps }), {
      serialize: () => true,
      exportName: "handler",
      isFactoryFunction: true,
      allowSecrets: true,
    });
    writeFileSync(join(cwd, "__index.js"), text);
  }

  function run(script: string, file?: string): string {
    const env = {
      PATH: process.env.PATH,
      NAMI_PROBE_KEY: "k",
      NAMI_QUEUE_URL: "http://127.0.0.1:1/1/q",
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "a",
      AWS_SECRET_ACCESS_KEY: "s",
    };
    return execFileSync(process.execPath, ["-e", script, ...(file ? [file] : [])], {
      cwd,
      env,
      encoding: "utf8",
    });
  }

  it("the log of a running function names the user's file and line", async () => {
    write("orders/pre-queue/index.ts", INDEX);
    write("orders/shared/charge.ts", CHARGE);
    const { path } = await bundle("pre-queue", "orders/pre-queue/index.ts");
    await index(path, true);
    const event = httpEvent({ body: '{"total":4}' });
    const out = run(
      `require("./__index.js").handler(${JSON.stringify(event)}).then((a) => console.log("answer", a.statusCode))`,
    );
    assert.match(out, /answer 500/);
    const lines = out.split("\n").filter((line) => line.startsWith("{"));
    const { code, stack } = lines.map((line) => JSON.parse(line)).find((line) => line.level === "error");
    assert.equal(code, "HANDLER_FAILED");
    const [what, first, second] = stack.split("\n");
    assert.equal(what, "RangeError: too much");
    assert.match(first, /^ {4}at .*\(?shared\/charge\.ts:4:11\)?$/);
    assert.match(second, /^ {4}at .*\(?pre-queue\/index\.ts:9:3\)?$/);
    // What is Nami's own has no source, rather than a wrong one, and is left out.
    assert.equal(stack.split("\n").length, 3);
  });

  it("the source map works in the post-queue bundle and covers only the user's code", async () => {
    write("mine.ts", "\n\nexport default () => {\n  throw new Error('here');\n};\n");
    const [plain, mine] = [
      await bundleHandler({ kind: "post-queue", name: "demo", cwd }),
      await bundle("post-queue", "mine.ts"),
    ];
    assert.ok(mine.bytes - plain.bytes < 1000, `${mine.bytes - plain.bytes} bytes more`);
    const script = `process.setSourceMapsEnabled(true);
      try { require(require("node:path").resolve(process.argv[1])).userCode(); } catch (e) { console.log(e.stack) }`;
    assert.match(run(script, mine.path), /\/mine\.ts:4:9\)?\n/);
  });

  it("the source map is the same from every folder and holds no path of the machine", async () => {
    for (const root of ["here", "there/deeper"]) {
      write(`${root}/orders/pre-queue/index.ts`, INDEX);
      write(`${root}/orders/shared/charge.ts`, CHARGE);
    }
    const first = await bundle("pre-queue", "here/orders/pre-queue/index.ts");
    const second = await bundle("pre-queue", "orders/pre-queue/index.ts", join(cwd, "there/deeper"));
    assert.equal(first.sha256, second.sha256);
    const text = readFileSync(join(cwd, first.path), "utf8");
    const map = JSON.parse(Buffer.from(/base64,(\S+)/.exec(text)![1]!, "base64").toString());
    assert.deepEqual(map.sources.sort(), ["pre-queue/index.ts", "shared/charge.ts"]);
    assert.equal(map.sourcesContent, undefined);
  });

  it("a bundle without user code has no source map, and the function does not enable them", async () => {
    const { path } = await bundleHandler({ kind: "pre-queue", name: "demo", cwd });
    assert.ok(!readFileSync(join(cwd, path), "utf8").includes("sourceMappingURL"));
    await index(path, false);
    assert.ok(!readFileSync(join(cwd, "__index.js"), "utf8").includes("setSourceMapsEnabled"));
  });

  it("an error at the top level names the line in the user's file", async () => {
    write("mine.ts", "\nconst key: string = (undefined as any).key;\nexport default () => key;\n");
    await assert.rejects(
      bundle("pre-queue", "mine.ts"),
      /fails when it is loaded: TypeError: .* \(mine\.ts:2:\d+\)/,
    );
  });

  it("a file without `verify` is refused where the scheme needs it, also if it was built before", async () => {
    write("mine.ts", "export default () => {};\n");
    write("good.ts", "export default () => {};\nexport const verify = async () => true;\n");
    await bundle("pre-queue", "mine.ts");
    for (let i = 0; i < 2; i++)
      await assert.rejects(
        bundleHandler({ kind: "pre-queue", name: "demo", userFile: "mine.ts", cwd, needsVerify: true }),
        { code: "HANDLER_NO_VERIFY" },
      );
    await bundleHandler({ kind: "pre-queue", name: "demo", userFile: "good.ts", cwd, needsVerify: true });
  });

  it("userSourceMap keeps the segments of the user's files alone", () => {
    // Two segments of a.ts, one of b.ts, one of a.ts on the second line, with a name.
    const map = {
      version: 3,
      sources: ["a.ts", "b.ts", "x:c"],
      names: ["n"],
      mappings: "AAAA,IACE,IAAC,ECAA;ADAAA",
    };
    const comment = userSourceMap(JSON.stringify(map), "/w", (file) => file === "/w/a.ts");
    const kept = JSON.parse(Buffer.from(comment.trim().split("base64,")[1]!, "base64").toString());
    assert.deepEqual(kept.sources, ["a.ts"]);
    assert.match(kept.mappings, /^AAAA,IACE,IAAC,E;A/);
    assert.equal(
      userSourceMap(JSON.stringify(map), "/w", () => false),
      "",
    );
  });
});
