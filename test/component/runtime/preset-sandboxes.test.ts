import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { senderOf } from "../../../cli/send/senders";
import { HMAC_EXAMPLE } from "../../../cli/send/senders/hmac";
import { bundleHandler } from "../../../infra/bundle";
import type { Functions } from "../../../local/host/services";
import { CODE_SECRETS } from "../../../runtime/code-secrets";
import { decodeMessage } from "../../../runtime/message";
import type { Preset, VerifySettings } from "../../../runtime/verify/preset";
import { presets } from "../../../runtime/verify/presets";
import { secretsText } from "../../../runtime/verify/secrets";
import { httpEvent } from "../../support/aws-events";
import { fakeSqs } from "../../support/fake-sqs";
import { functionSpec, MemoryLogs } from "../../support/functions";
import { functionsIn } from "../../support/local-functions";
import { root } from "../../support/nami";
import { makeKey, type Parts, signedParts } from "../../support/signed";

const NAME = "demo";
/** Not 1, so that the number that is queued can only come from the secrets that the function was given. */
const SECRET_NUMBER = 7;
const SETTINGS: Record<string, Partial<VerifySettings>> = {
  hmac: HMAC_EXAMPLE,
  ip: { ips: "203.0.113.0/24" },
};
/** The presets that compare no secret. */
const WITHOUT_SECRET = ["none", "ip", "custom"];
const OWN_KEY = "a key of the user's own";

/** Answers what a preset fetches, such as a certificate, in place of the provider. */
const fetchFrom = (served: Record<string, string>) => `
const served = ${JSON.stringify(served)};
globalThis.fetch = async (url) =>
  served[url] === undefined ? new Response("", { status: 404 }) : new Response(served[url]);`;

/** The only TypeScript of docs/verification.md: the check that people copy. */
function documentedCheck(): string {
  const text = readFileSync(join(root, "docs", "verification.md"), "utf8");
  const block = /^```ts\n([\s\S]*?)^```/m.exec(text)?.[1];
  assert.match(block ?? "", /export const verify = /);
  return block!;
}

interface Given {
  settings: VerifySettings;
  secret: string;
  /** The requests that must be queued, and those that must be refused. */
  right: Parts;
  wrong: (Parts & { sourceIp?: string })[];
  /** What the bundle finds at addresses. */
  served: Record<string, string>;
}

/** A plain request with a header of the sender's own. */
function plain(key: string): Parts {
  const headers = { "content-type": "application/json", "x-key": key };
  return { method: "POST", query: "", headers, body: Buffer.from('{"order":"é"}') };
}

function givenOf(preset: Preset): Given {
  const settings = { scheme: preset.name, ...SETTINGS[preset.name] };
  const right = plain(OWN_KEY);
  if (preset.name === "custom") {
    const { "x-key": _, ...headers } = right.headers;
    return { settings, secret: "", right, wrong: [plain("no"), { ...right, headers }], served: {} };
  }
  if (preset.name === "ip")
    return { settings, secret: "", right, wrong: [{ ...right, sourceIp: "198.51.100.1" }], served: {} };
  const sender = senderOf(preset.name);
  if (!sender) return { settings, secret: "", right, wrong: [], served: {} };
  const [pair, other] = [makeKey(sender), makeKey(sender)];
  const signedBy = (key: string) => signedParts(sender, preset, { key, settings, now: Date.now() });
  const [signed, forged] = [signedBy(pair.key), signedBy(other.key)];
  return {
    ...{ settings, secret: pair.secret, right: signed, wrong: [forged] },
    served: { ...forged.served, ...signed.served },
  };
}

describe("the bundle of a preset in a sandbox", function () {
  this.timeout(60_000);
  let dir: string;
  let sqs: Awaited<ReturnType<typeof fakeSqs>>;
  let logs: MemoryLogs;
  let functions: Functions;

  before(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), "nami-preset-sandboxes-")));
    writeFileSync(join(dir, "custom.ts"), documentedCheck());
  });
  beforeEach(async () => {
    sqs = await fakeSqs();
    logs = new MemoryLogs();
    functions = functionsIn(join(dir, "host"), { logs, awsUrl: sqs.url });
  });
  afterEach(async () => {
    await functions?.close();
    await sqs?.close();
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  /** Puts the function in place as an `up` does: the bundle, a settings file beside it, secrets in its environment. */
  async function deploy({ name }: Preset, { settings, secret, served }: Given): Promise<void> {
    const userFile = name === "custom" ? join(dir, "custom.ts") : undefined;
    const { path } = await bundleHandler({ kind: "pre-queue", name, preset: name, userFile, cwd: dir });
    const codeDir = join(dir, dirname(path));
    const factory = JSON.stringify({ name: NAME, maxMessageBytes: 1_048_576, verification: settings });
    const stub = Object.keys(served).length > 0 ? fetchFrom(served) : "";
    writeFileSync(
      join(codeDir, "__index.js"),
      `${stub}\nexports.handler = require("./pre-queue.js").createHandler(${factory});\n`,
    );
    const secrets = secret ? secretsText([{ number: SECRET_NUMBER, value: secret }], SECRET_NUMBER) : "";
    functions.put(
      functionSpec({
        ...{ name: NAME, handler: "__index.handler", codeDir, timeout: 30 },
        environment: {
          ...{ NAMI_QUEUE_URL: sqs.queueUrl, NAMI_PROBE_KEY: "probe-key" },
          ...(secrets && { NAMI_SECRET: secrets }),
          ...(name === "custom" && { [CODE_SECRETS]: JSON.stringify({ KEY: OWN_KEY }) }),
        },
      }),
    );
  }

  async function ask(parts: Parts & { sourceIp?: string }): Promise<APIGatewayProxyStructuredResultV2> {
    const event = httpEvent({ ...parts, time: Date.now() });
    if (parts.sourceIp) event.requestContext.http.sourceIp = parts.sourceIp;
    const { payload, functionError } = await functions.invoke(NAME, JSON.stringify(event));
    assert.equal(functionError, undefined, payload);
    return JSON.parse(payload);
  }

  for (const preset of presets) {
    const { name } = preset;
    const refuses = name === "none" ? "" : ", and refuses a wrong one with 401 and a reason";
    it(`${name} queues a correct request byte for byte${refuses}`, async () => {
      const given = givenOf(preset);
      await deploy(preset, given);

      const answer = await ask(given.right);
      assert.equal(answer.statusCode, preset.success?.status ?? 200, answer.body);
      assert.equal(sqs.received.length, 1);
      const { meta, raw } = decodeMessage(sqs.received[0]!.message);
      assert.ok(raw.equals(given.right.body), "the bytes were changed");
      const keyIndex = WITHOUT_SECRET.includes(name) ? null : SECRET_NUMBER;
      assert.deepEqual([meta.name, meta.verified], [NAME, { scheme: name, keyIndex }]);

      assert.equal(given.wrong.length > 0, name !== "none");
      for (const wrong of given.wrong) {
        const refused = await ask(wrong);
        assert.deepEqual([refused.statusCode, refused.body], [401, '{"ok":false,"code":"NOT_VERIFIED"}']);
        assert.equal(sqs.received.length, 1, "a wrong request was queued");
        const line = logs.lines.map(({ text }) => text).findLast((text) => text.includes("NOT_VERIFIED"));
        const { reason } = JSON.parse(line!.slice(line!.indexOf("{")));
        assert.ok(reason.length > 5, line);
      }
      const all = logs.lines.map(({ text }) => text).join("\n");
      if (given.secret) assert.ok(!all.includes(given.secret), "the secret is logged");
    });
  }
});
