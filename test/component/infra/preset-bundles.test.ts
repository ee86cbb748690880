import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { bundleHandler } from "../../../infra/bundle";
import { presets } from "../../../runtime/verify/presets";

const LIMIT = 100_000;

/** Loads each bundle as Lambda would, and asks it for what needs neither queue nor secret. */
const ASK = `
const [, settings, ...paths] = process.argv;
const event = (method) => ({ rawPath: "/demo", rawQueryString: "", headers: {}, requestContext: {
  requestId: "r", timeEpoch: 1, http: { method, sourceIp: "203.0.113.7" } } });
(async () => {
  for (const path of paths) {
    const scheme = path.split("=")[0];
    const handler = require(path.slice(scheme.length + 1)).createHandler({ ...JSON.parse(settings), verification: { scheme } });
    const answers = [];
    for (const method of ["OPTIONS", "HEAD", "POST"]) answers.push((await handler(event(method))).statusCode);
    process.stdout.write(scheme + " " + answers.join(" ") + "\\n");
  }
})();`;

describe("the bundle of each preset", function () {
  this.timeout(60_000);
  let cwd: string;
  const built = new Map<string, string>();

  before(async () => {
    cwd = realpathSync(mkdtempSync(join(tmpdir(), "nami-presets-")));
    const userFile = join(cwd, "custom.ts");
    writeFileSync(userFile, "export default () => undefined;\nexport const verify = () => false;\n");
    for (const { name } of presets) {
      const request = { kind: "pre-queue", name, preset: name, cwd } as const;
      const { path } = await bundleHandler(name === "custom" ? { ...request, userFile } : request);
      built.set(name, join(cwd, path));
    }
  });
  after(() => rmSync(cwd, { recursive: true }));

  it(`every preset's bundle has at most ${LIMIT / 1000} KB in a zip`, () => {
    for (const [name, path] of built) {
      const { length } = deflateRawSync(readFileSync(path));
      assert.ok(length > 5_000 && length <= LIMIT, `${name}: ${length} bytes`);
    }
  });

  it("every preset's bundle holds that preset, its base, and no other", () => {
    // One that is made from another one has that, too.
    const base: Record<string, string> = { svix: "standard-webhooks" };
    for (const name of ["facebook", "instagram", "whatsapp"]) base[name] = "meta";
    for (const name of ["gitlab"]) base[name] = "standard-webhooks";
    for (const [name, path] of built) {
      const code = readFileSync(path, "utf8");
      const found = presets
        .map((preset) => preset.name)
        .filter((each) => code.includes(`name:"${each}",title:`));
      const wanted = [name, base[name]].filter((each) => found.includes(each ?? ""));
      assert.deepEqual(found.sort(), wanted.sort() as string[], name);
    }
  });

  it("every preset's bundle loads and refuses a request when it has no secret", () => {
    const settings = JSON.stringify({ name: "demo", maxMessageBytes: 1_000_000 });
    const env = {
      NAMI_PROBE_KEY: "k",
      NAMI_QUEUE_URL: "http://127.0.0.1:9/q",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "a",
      AWS_SECRET_ACCESS_KEY: "s",
    };
    const paths = [...built].map(([name, path]) => `${name}=${path}`);
    const out = execFileSync(process.execPath, ["-e", ASK, settings, ...paths], { env, encoding: "utf8" });
    const lines = out.split("\n").filter((line) => /^[a-z][\w-]* \d/.test(line));
    assert.equal(lines.length, presets.length, out);
    // "none" goes as far as the queue, which is not there.
    for (const line of lines) assert.match(line, line.startsWith("none ") ? /204 200 503$/ : /204 200 401$/);
  });
});
