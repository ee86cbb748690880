import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { bundleHandler, type HandlerKind } from "../../../infra/bundle";
import type { CodedError } from "../../../runtime/coded-error";
import type { PreQueueSettings } from "../../../runtime/settings";
import { httpEvent } from "../../support/aws-events";
import { credentials, fakeSqs } from "../../support/fake-sqs";

const root = join(__dirname, "..", "..", "..");

describe("bundleHandler", function () {
  this.timeout(30_000);
  let cwd: string;
  beforeEach(() => {
    cwd = realpathSync(mkdtempSync(join(tmpdir(), "nami-bundle-")));
  });
  afterEach(() => rmSync(cwd, { recursive: true }));

  const write = (file: string, text: string) => {
    writeFileSync(join(cwd, file), text);
    return file;
  };
  const bundle = (kind: HandlerKind, userFile?: string, folder = cwd) =>
    bundleHandler({ kind, name: "demo", userFile, cwd: folder });
  const refusal = (userFile: string, kind: HandlerKind = "pre-queue"): Promise<CodedError> =>
    bundle(kind, userFile).then(
      () => assert.fail("was bundled"),
      (error) => error,
    );
  const builds = () => readdirSync(join(cwd, ".nami", "build", "demo"));

  const limits: [HandlerKind, number][] = [
    ["pre-queue", 100],
    ["post-queue", 500],
    ["operator", 500],
    ["watchdog", 100],
  ];
  for (const [kind, limit] of limits) {
    it(`${kind}.js has at most ${limit} KB in a zip, the same bytes from every folder, and no path in it`, async () => {
      const other = join(cwd, "deeper", "still");
      mkdirSync(other, { recursive: true });
      const [first, second] = [await bundle(kind), await bundle(kind, undefined, other)];
      assert.deepEqual(first, second);
      const code = readFileSync(join(cwd, first.path));
      assert.equal(first.bytes, code.length);
      assert.equal(first.sha256, createHash("sha256").update(code).digest("hex"));
      assert.equal(first.path, `.nami/build/demo/${first.sha256.slice(0, 16)}/${kind}.js`);
      assert.ok(deflateRawSync(code).length <= limit * 1000, `${deflateRawSync(code).length} bytes`);
      for (const trace of [root, cwd, "runtime/"]) assert.ok(!code.includes(trace), trace);
      const needed = [...code.toString().matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name!);
      const builtin = require("node:module").builtinModules as string[];
      assert.deepEqual(
        needed.filter((name) => !builtin.includes(name.replace("node:", ""))),
        [],
      );
    });
  }

  it("the same user file gives the same bytes in two folders", async () => {
    const text = "export default async (event: { body?: unknown }) => void event.body;";
    const other = join(cwd, "other");
    mkdirSync(other);
    writeFileSync(join(other, "mine.ts"), text);
    const first = await bundle("pre-queue", write("mine.ts", text));
    const second = await bundle("pre-queue", "mine.ts", other);
    assert.equal(first.sha256, second.sha256);
    assert.notEqual(first.sha256, (await bundle("pre-queue")).sha256);
  });

  it("a bundle runs user code from an ES module and from CommonJS", async () => {
    const sqs = await fakeSqs();
    const variables = {
      NAMI_QUEUE_URL: sqs.queueUrl,
      NAMI_PROBE_KEY: "k",
      AWS_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
    const before = { ...process.env };
    Object.assign(process.env, variables);
    try {
      write("word.ts", 'export const word: string = "no";');
      const files = [
        write(
          "esm.ts",
          'import { word } from "./word"; export default (_: unknown, tools: any) => tools.respond(418, word);',
        ),
        write("cjs.js", 'module.exports = (_, tools) => tools.respond(418, require("./word").word);'),
      ];
      for (const file of files) {
        const { path } = await bundle("pre-queue", file);
        const settings: PreQueueSettings = {
          name: "demo",
          maxMessageBytes: 1e6,
          verification: { scheme: "none" },
        };
        const answer = await require(join(cwd, path)).createHandler(settings)(httpEvent());
        assert.deepEqual([answer.statusCode, answer.body], [418, "no"]);
      }
    } finally {
      process.env = before;
      await sqs.close();
    }
  });

  it("the newest five builds of a kind stay, and the builds of other kinds", async () => {
    const operator = await bundle("operator");
    const paths: string[] = [];
    for (let i = 0; i < 7; i++) {
      paths.push((await bundle("pre-queue", write("mine.js", `export default () => ${i};`))).path);
    }
    assert.deepEqual(
      paths.map((path) => existsSync(join(cwd, path))),
      [false, false, true, true, true, true, true],
    );
    assert.ok(existsSync(join(cwd, operator.path)));
  });

  it("a missing user file is refused by its name", async () => {
    const error = await refusal("none.ts");
    assert.equal(error.code, "HANDLER_MISSING");
    assert.match(error.message, /none\.ts for --pre-queue/);
  });

  it("a syntax error is shown with its line and column", async () => {
    const error = await refusal(write("bad.ts", "export default () => {\n  let x = ;\n};\n"));
    assert.equal(error.code, "HANDLER_INVALID");
    assert.match(error.message, /bad\.ts:2:11\n +let x = ;\n +\^/);
    assert.equal(error.hint, "nami up demo");
    assert.equal(error.exitCode, 2);
  });

  it("a folder in place of the user's file is refused as missing", async () => {
    mkdirSync(join(cwd, "folder.ts"));
    assert.equal((await refusal("folder.ts")).code, "HANDLER_MISSING");
  });

  it("an error names a file outside the working directory by its whole path", async () => {
    const file = join(cwd, write("bad.ts", "export default ;"));
    const error = (await bundleHandler({
      kind: "pre-queue",
      name: "demo",
      userFile: file,
      cwd: join(cwd, "a", "b"),
    }).catch((thrown) => thrown)) as CodedError;
    assert.ok(error.message.startsWith(`${join(cwd, "bad.ts")} cannot`), error.message);
    assert.ok(error.message.includes(`\n  ${join(cwd, "bad.ts")}:1:`), error.message);
    assert.equal(error.hint, "nami up demo");
  });

  it("a package that is not installed is named with the line that imports it", async () => {
    const error = await refusal(
      write("bad.ts", 'import x from "not-installed-anywhere"; export default () => x;'),
    );
    assert.equal(error.code, "HANDLER_INVALID");
    assert.match(error.message, /not-installed-anywhere/);
    assert.match(error.message, /bad\.ts:1:/);
  });

  it("a user file without a function as its default export is refused and leaves no build", async () => {
    for (const text of ["export const x = 1;", "export default 5;", "module.exports = {};"]) {
      const error = await refusal(write("bad.js", text), "post-queue");
      assert.equal(error.code, "HANDLER_NO_DEFAULT", text);
      assert.match(error.message, /^bad\.js has no function.*: export default async/);
      assert.equal(error.hint, "nami up demo");
    }
    assert.deepEqual(
      builds().flatMap((dir) => readdirSync(join(cwd, ".nami", "build", "demo", dir))),
      [],
    );
  });

  it("an error at the top level of a user file is shown each time, also after the first", async () => {
    const file = write("bad.ts", 'throw new Error("no key"); export default () => 1;');
    for (let i = 0; i < 2; i++) {
      const error = await refusal(file);
      assert.equal(error.code, "HANDLER_THROWS");
      assert.match(error.message, /bad\.ts fails when it is loaded: Error: no key/);
      assert.equal(error.hint, "nami up demo");
    }
  });
});
