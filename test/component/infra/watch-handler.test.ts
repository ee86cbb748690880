import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleHandler } from "../../../infra/bundle";
import { watchHandler } from "../../../infra/watch-handler";
import type { CodedError } from "../../../runtime/coded-error";

const handler = (answer: string, more = "") =>
  `${more}export default (_: unknown, { respond }: any) => respond(200, ${answer});\n`;

describe("watching the user's file", function () {
  this.timeout(30_000);
  let cwd: string;
  let codes: Buffer[];
  let problems: CodedError[];
  let refusal: Error | undefined;
  let stop: AbortController;
  let ended: Promise<void>;

  const request = () => ({ kind: "pre-queue" as const, name: "demo", userFile: join(cwd, "mine.ts"), cwd });
  const write = (file: string, text: string) => writeFileSync(join(cwd, file), text);
  const watch = () => {
    ended = watchHandler(request(), {
      signal: stop.signal,
      onCode: async (code) => {
        if (refusal) throw refusal;
        codes.push(code);
      },
      onProblem: (error) => problems.push(error as CodedError),
    });
  };
  const until = async (done: () => boolean) => {
    for (let i = 0; i < 200 && !done(); i++) await new Promise((next) => setTimeout(next, 25));
    assert.ok(done(), `${codes.length} codes, ${problems.map(({ message }) => message)}`);
  };

  beforeEach(() => {
    cwd = realpathSync(mkdtempSync(join(tmpdir(), "nami-watch-")));
    codes = [];
    problems = [];
    refusal = undefined;
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort();
    await ended;
    rmSync(cwd, { recursive: true });
  });

  it("the watcher hands on the first code and every change, with the bytes that an up deploys", async () => {
    write("mine.ts", handler('"one"'));
    watch();
    await until(() => codes.length === 1);
    write("mine.ts", handler('"two"'));
    await until(() => codes.length === 2);
    const { path } = await bundleHandler(request());
    assert.ok(codes[1]!.equals(readFileSync(join(cwd, path))));
    assert.deepEqual(problems, []);
  });

  it("the watcher sees changes of imported files, also of one that is made later", async () => {
    write("mine.ts", handler("word", 'import { word } from "./word";\n'));
    watch();
    await until(() => problems.length === 1);
    assert.equal(problems[0]!.code, "HANDLER_INVALID");
    write("word.ts", 'export const word = "one";');
    await until(() => codes.length === 1);
    write("word.ts", 'export const word = "two";');
    await until(() => codes.length === 2);
  });

  it("a compile error is shown once with its place, and the watcher goes on when it is fixed", async () => {
    write("mine.ts", handler('"one"'));
    watch();
    await until(() => codes.length === 1);
    write("mine.ts", "\nexport default (event => {\n");
    await until(() => problems.length === 1);
    assert.equal(problems[0]!.code, "HANDLER_INVALID");
    assert.match(problems[0]!.message, /mine\.ts:3:1/);
    await new Promise((next) => setTimeout(next, 1_500));
    assert.equal(problems.length, 1);
    write("mine.ts", handler('"three"'));
    await until(() => codes.length === 2);
  });

  it("code that fails when it is loaded is reported and not handed on", async () => {
    write("mine.ts", "throw new Error('at the top');\nexport default () => {};\n");
    watch();
    await until(() => problems.length === 1);
    assert.match(problems[0]!.message, /fails when it is loaded: Error: at the top \(mine\.ts:1:7\)/);
    rmSync(join(cwd, "mine.ts"));
    await until(() => problems.length === 2);
    assert.equal(problems[1]!.code, "HANDLER_MISSING");
    assert.deepEqual(codes, []);
  });

  it("the watcher tries again after code could not be handed on", async () => {
    refusal = new Error("not now");
    write("mine.ts", handler('"one"'));
    watch();
    await until(() => problems.length === 1);
    assert.equal(problems[0]!.message, "not now");
    refusal = undefined;
    await until(() => codes.length === 1);
  });
});
