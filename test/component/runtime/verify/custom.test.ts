import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleHandler } from "../../../../infra/bundle";
import { CODE_SECRETS } from "../../../../runtime/code-secrets";
import type { PreQueueVerify } from "../../../../runtime/handlers";
import custom, { checkByCode } from "../../../../runtime/verify/presets/custom";
import { askOf } from "../../../../runtime/verify/verify";
import { httpEvent } from "../../../support/aws-events";
import { credentials, fakeSqs } from "../../../support/fake-sqs";
import { recordedLog } from "../../../support/recorded-log";
import { judged, NOW, numbered, requestOf, verifierOf } from "../../../support/signed";

const parts = { method: "POST", query: "a=1", headers: { "x-key": "k" }, body: Buffer.from('{"a":1}') };

function ask(verify: unknown, patience?: number) {
  const { log, lines } = recordedLog();
  const verifier = { ...verifierOf(custom, numbered()), log };
  const request = requestOf(parts);
  return { lines, request, result: checkByCode(verify, askOf(verifier, request, NOW), patience) };
}

describe("the user's own verify", () => {
  const before = process.env[CODE_SECRETS];
  beforeEach(() => {
    process.env[CODE_SECRETS] = JSON.stringify({ KEY: "hunter2!" });
  });
  afterEach(() => {
    if (before === undefined) delete process.env[CODE_SECRETS];
    else process.env[CODE_SECRETS] = before;
  });

  it("lets a request in by true or { ok: true }, at once or later", async () => {
    for (const said of [
      true,
      { ok: true },
      Promise.resolve(true),
      Promise.resolve({ ok: true, reason: "x" }),
    ])
      assert.deepEqual(await ask(() => said).result, { ok: true, key: null });
  });

  it("lets a request in by no other answer", async () => {
    for (const said of [
      false,
      undefined,
      null,
      1,
      "true",
      {},
      [],
      { ok: 1 },
      { ok: "true" },
      { ok: false },
      [true],
    ]) {
      const result = await ask(() => said).result;
      assert.equal(result.ok, false, JSON.stringify(said));
    }
    for (const odd of [undefined, null, true, {}])
      assert.match(JSON.stringify(await ask(odd).result), /exports no function verify/);
  });

  it("refuses a request by a throw, and tells why without the secrets", async () => {
    const thrown = await ask(() => {
      throw new TypeError("hunter2! is not a function");
    }).result;
    assert.deepEqual(thrown, { ok: false, reason: "verify failed: [redacted] is not a function" });
    const later = await ask(async () => Promise.reject("no")).result;
    assert.deepEqual(later, { ok: false, reason: "verify failed: no" });
    const said = await ask(() => ({ ok: false, reason: "not hunter2!" })).result;
    assert.deepEqual(said, { ok: false, reason: "verify says no: not [redacted]" });
  });

  it("refuses a request when it takes too long", async () => {
    const { result } = ask(() => new Promise(() => undefined), 20);
    assert.deepEqual(await result, { ok: false, reason: "verify failed: it took longer than 0.02 s" });
  });

  it("sees the request, its secrets and a log, and can change nothing", async () => {
    const seen: unknown[] = [];
    const verify: PreQueueVerify = (event, tools) => {
      seen.push(event.method, event.query, event.headers["x-key"], event.body, tools.secrets.KEY);
      event.raw.fill(0);
      tools.log("looked", { at: 1 });
      return true;
    };
    const { lines, request, result } = ask(verify);
    assert.ok((await result).ok);
    assert.deepEqual(seen, ["POST", { a: "1" }, "k", { a: 1 }, "hunter2!"]);
    assert.equal(request.raw.toString(), '{"a":1}');
    assert.deepEqual([lines[0]?.message, lines[0]?.fields.at], ["looked", 1]);
  });

  it("is there in a function's bundle alone: elsewhere everything is refused", async () => {
    const result = await judged(custom, numbered(), { ...parts, signed: {}, served: {} });
    assert.equal(result.ok, false);
  });
});

describe("the preset custom in a bundle", function () {
  this.timeout(30_000);
  let cwd: string;
  beforeEach(() => {
    cwd = realpathSync(mkdtempSync(join(tmpdir(), "nami-custom-")));
  });
  afterEach(() => rmSync(cwd, { recursive: true }));

  const files = {
    "esm.ts": `export default (_: unknown, tools: any) => tools.respond(418);
      export const verify = async ({ headers }: any, { secrets }: any) => headers["x-key"] === secrets.KEY;`,
    "cjs.js": `exports.default = (_, tools) => tools.respond(418); exports.__esModule = true;
      exports.verify = ({ headers }, { secrets }) => ({ ok: headers["x-key"] === secrets.KEY });`,
    "plain.js": `module.exports = (_, tools) => tools.respond(418);
      module.exports.verify = ({ headers }, { secrets }) => headers["x-key"] === secrets.KEY;`,
  };
  for (const [userFile, text] of Object.entries(files))
    it(`asks the verify of ${userFile} before its handler`, async () => {
      writeFileSync(join(cwd, userFile), text);
      const sqs = await fakeSqs();
      const before = { ...process.env };
      const { log } = console;
      console.log = () => undefined;
      Object.assign(process.env, {
        NAMI_QUEUE_URL: sqs.queueUrl,
        NAMI_PROBE_KEY: "k",
        AWS_REGION: "eu-west-1",
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        [CODE_SECRETS]: JSON.stringify({ KEY: "right" }),
      });
      try {
        const request = { kind: "pre-queue", name: "demo", preset: "custom", userFile, cwd } as const;
        const { path } = await bundleHandler({ ...request, needsVerify: true });
        const settings = { name: "demo", maxMessageBytes: 1e6, verification: { scheme: "custom" } };
        const handler = require(join(cwd, path)).createHandler(settings);
        const status = async (key: string) =>
          (await handler(httpEvent({ headers: { "x-key": key }, body: "{}" }))).statusCode;
        assert.deepEqual([await status("right"), await status("wrong")], [418, 401]);
      } finally {
        console.log = log;
        process.env = before;
        await sqs.close();
      }
    });
});
