import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from "node:assert";
import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FunctionsOptions } from "../../../../../local/host/functions";
import { createMetrics } from "../../../../../local/host/metrics";
import type { Functions } from "../../../../../local/host/services";
import { codeDir, functionSpec, MemoryLogs, realClock } from "../../../../support/functions";
import { functionsIn } from "../../../../support/local-functions";

const CODE = `
const { readdirSync, writeFileSync } = require("node:fs");
/** Returns once so many sandboxes have come to the folder. */
const meet = async ({ folder, sandboxes }) => {
  writeFileSync(folder + "/" + process.pid, "");
  while (readdirSync(folder).length < sandboxes) await new Promise((next) => setTimeout(next, 5));
};
let calls = 0;
exports.handler = async (event) => {
  if (event.exit !== undefined) process.exit(event.exit);
  if (event.abort) process.abort();
  if (event.meet) await meet(event.meet);
  if (event.ms) await new Promise((resolve) => setTimeout(resolve, event.ms));
  if (event.spin) for (;;);
  if (event.size) return "x".repeat(event.size);
  if (event.env) return process.env;
  if (event.args) return { args: process.execArgv };
  return { pid: process.pid, calls: ++calls };
};`;

describe("the functions of the host", () => {
  let functions: Functions;
  let logs: MemoryLogs;
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "nami-functions-"));
  });
  const open = (options: Partial<FunctionsOptions> = {}, spec = {}) => {
    logs = new MemoryLogs();
    functions = functionsIn(join(root, "host"), { logs, awsUrl: "http://127.0.0.1:9", ...options });
    functions.put(functionSpec({ codeDir: codeDir(CODE), ...spec }));
  };
  const call = async (event: object) => {
    const { payload, functionError } = await functions.invoke("orders", JSON.stringify(event));
    return { functionError, ...JSON.parse(payload) };
  };
  const meeting = (sandboxes: number) => {
    const folder = join(root, "meeting");
    mkdirSync(folder);
    return { folder, sandboxes };
  };
  const code = (name: string) => (error: Error & { code?: string }) => error.code === name;
  afterEach(async () => {
    await functions.close();
    rmSync(root, { recursive: true, force: true });
  });

  it("keep a sandbox warm and give it one request at a time", async () => {
    open();
    const first = await call({});
    deepStrictEqual(await call({}), { ...first, calls: 2 });
    const both = { meet: meeting(2) };
    const [a, b] = await Promise.all([call(both), call(both)]);
    ok(a.pid !== b.pid);
    deepStrictEqual(functions.stats(), { orders: { sandboxes: 2, busy: 0 } });
  });

  it("give a sandbox the environment of AWS and nothing of this machine's", async () => {
    process.env.NAMI_LEAK = "yes";
    open({}, { environment: { NAMI_QUEUE_URL: "q", AWS_REGION: "moon-1" } });
    const { functionError, ...env } = await call({ env: true });
    delete process.env.NAMI_LEAK;
    strictEqual(functionError, undefined);
    strictEqual(env.NAMI_LEAK, undefined);
    strictEqual(env.HOME, undefined);
    deepStrictEqual(
      [
        env.NAMI_QUEUE_URL,
        env.AWS_REGION,
        env.AWS_ENDPOINT_URL_SQS,
        env.AWS_ENDPOINT_URL,
        env.TZ,
        env._HANDLER,
      ],
      ["q", "us-east-1", "http://127.0.0.1:9", "http://127.0.0.1:9", ":UTC", "index.handler"],
    );
    deepStrictEqual(
      [env.AWS_ACCESS_KEY_ID, env.AWS_SECRET_ACCESS_KEY, env.AWS_SESSION_TOKEN, env.AWS_EXECUTION_ENV],
      ["AKIATEST", "secret", "token", "AWS_Lambda_nodejs24.x"],
    );
  });

  it("kill a sandbox that exceeds its timeout, even in a busy loop, and start another", async () => {
    open({}, { timeout: 0.5 });
    for (const event of [{ ms: 60_000 }, { spin: true }]) {
      const { functionError, errorType, errorMessage } = await call(event);
      deepStrictEqual([functionError, errorType], ["Unhandled", "Sandbox.Timedout"]);
      match(errorMessage, /^\d{4}-\S+Z [0-9a-f-]{36} Task timed out after 0\.50 seconds$/);
      strictEqual((await call({})).calls, 1);
    }
  });

  const deaths: [event: object, reason: RegExp][] = [
    [{ exit: 3 }, /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 3$/],
    [{ exit: 0 }, /^RequestId: [0-9a-f-]{36} Error: Runtime exited without providing a reason$/],
    [{ abort: true }, /^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: signal: aborted$/],
  ];
  for (const [event, reason] of deaths) {
    it(`report that a sandbox died by ${JSON.stringify(event)}, and start another`, async () => {
      open();
      const { functionError, errorType, errorMessage } = await call(event);
      deepStrictEqual([functionError, errorType], ["Unhandled", "Runtime.ExitError"]);
      match(errorMessage, reason);
      strictEqual((await call({})).calls, 1);
    });
  }

  it("notice the death of a sandbox whose child still holds its output", async () => {
    const source = `
      exports.handler = async (event) => {
        if (!event.leave) return { calls: 1 };
        require("node:child_process").spawn("/bin/sleep", ["4"], { detached: true, stdio: "inherit" });
        process.exit(5);
      };`;
    open({ maxSandboxes: 1 }, { codeDir: codeDir(source) });
    const { errorType, errorMessage } = await call({ leave: true });
    strictEqual(errorType, "Runtime.ExitError");
    match(errorMessage, /exit status 5$/);
    strictEqual((await call({})).calls, 1);
  });

  it("end a sandbox that writes garbage into the host's pipe, and start another", async () => {
    const source = `
      exports.handler = async ({ text }) => {
        if (text) require("node:fs").writeSync(4, Buffer.from(text, "base64"));
        return { calls: 1 };
      };`;
    open({}, { codeDir: codeDir(source) });
    const noJson = Buffer.from([0, 0, 0, 2, 0, 0, 0, 0, 0x7b, 0x7b]);
    const muchTooLong = Buffer.alloc(8, 0x7f);
    for (const text of [noJson, muchTooLong]) {
      const { errorType } = await call({ text: text.toString("base64") });
      strictEqual(errorType, "Runtime.ExitError");
      strictEqual((await call({})).calls, 1);
    }
  });

  const broken: [name: string, source: string, handler: string, errorType: string, message: RegExp][] = [
    [
      "a missing module",
      "require('no-such')",
      "index.handler",
      "Runtime.ImportModuleError",
      /^Error: Cannot find module 'no-such'/,
    ],
    [
      "broken syntax",
      "exports.handler = (",
      "index.handler",
      "Runtime.UserCodeSyntaxError",
      /^SyntaxError: /,
    ],
    [
      "a missing export",
      "",
      "index.handler",
      "Runtime.HandlerNotFound",
      /^index\.handler is undefined or not exported$/,
    ],
    [
      "a missing file",
      "",
      "other.handler",
      "Runtime.ImportModuleError",
      /^Error: Cannot find module 'other'/,
    ],
    [
      "a callback handler",
      "exports.handler = (e, c, done) => done()",
      "index.handler",
      "Runtime.CallbackHandlerDeprecated",
      /callback/,
    ],
    ["a throw at the top", "throw new RangeError('early')", "index.handler", "RangeError", /^early$/],
    ["an exit at the top", "process.exit(4)", "index.handler", "Runtime.ExitError", /exit status 4$/],
  ];
  for (const [name, source, handler, errorType, message] of broken) {
    it(`report ${name} to every caller`, async () => {
      open({}, { codeDir: codeDir(source), handler });
      for (const result of await Promise.all([call({}), call({})])) {
        deepStrictEqual([result.functionError, result.errorType], ["Unhandled", errorType]);
        match(result.errorMessage, message);
      }
    });
  }

  it("limit request and response payloads to 6 MB", async () => {
    open();
    await rejects(
      functions.invoke("orders", JSON.stringify("é".repeat(3_200_000))),
      code("RequestTooLargeException"),
    );
    strictEqual((await call({ size: 6_291_600 })).errorType, "Function.ResponseSizeTooLarge");
    strictEqual((await functions.invoke("orders", '{"size":6000000}')).functionError, undefined);
  });

  it("refuse a caller that waited too long for a sandbox, and no other", async () => {
    open({ maxSandboxes: 1, waitMs: 100 });
    await call({});
    const busy = call({ ms: 300 });
    await rejects(call({}), code("TooManyRequestsException"));
    strictEqual((await busy).calls, 2);
    strictEqual((await call({})).calls, 3);
  });

  it("let a first caller wait out a slow start", async () => {
    open(
      { waitMs: 50 },
      { codeDir: codeDir(`const until = Date.now() + 300; while (Date.now() < until); ${CODE}`) },
    );
    strictEqual((await call({})).calls, 1);
  });

  it("say that it is not the function's fault when the disk has lost its code, and run it when it is back", async () => {
    const folder = codeDir(CODE);
    open({}, { codeDir: folder });
    renameSync(folder, `${folder}.away`);
    await rejects(call({}), code("ServiceException"));
    renameSync(`${folder}.away`, folder);
    strictEqual((await call({})).calls, 1);
  });

  it("start no more sandboxes than maxSandboxes", async () => {
    open({ maxSandboxes: 3 });
    const meet = meeting(3);
    const results = await Promise.all(Array.from({ length: 30 }, () => call({ meet })));
    strictEqual(new Set(results.map(({ pid }) => pid)).size, 3);
  });

  it("replace sandboxes of an older configuration after their request", async () => {
    open();
    const before = await call({});
    const running = call({ ms: 100 });
    functions.put({ ...functions.get("orders")!, environment: { A: "2" } });
    strictEqual((await running).pid, before.pid);
    ok((await call({})).pid !== before.pid);
    functions.put({ ...functions.get("orders")! });
    strictEqual((await call({})).calls, 2);
  });

  it("end a sandbox that is idle for too long", async () => {
    open({ idleMs: 50 });
    const { pid } = await call({});
    for (let tries = 0; tries < 100 && functions.stats().orders!.sandboxes > 0; tries++) await sleep(50);
    deepStrictEqual(functions.stats(), { orders: { sandboxes: 0, busy: 0 } });
    throws(() => process.kill(pid, 0), { code: "ESRCH" });
  });

  it("write the log lines of the platform", async () => {
    open();
    await call({});
    await call({});
    const texts = logs.tail("/aws/lambda/orders", 10);
    match(texts[0]!, /^START RequestId: [0-9a-f-]{36} Version: \$LATEST$/);
    match(texts[1]!, /^END RequestId: [0-9a-f-]{36}$/);
    match(
      texts[2]!,
      /^REPORT RequestId: [0-9a-f-]{36}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\t$/,
    );
    ok(!texts[5]!.includes("Init Duration"));
  });

  it("refuse a call of a function that was removed", async () => {
    open();
    await call({});
    await functions.remove("orders");
    strictEqual(functions.get("orders"), undefined);
    await rejects(call({}), code("ResourceNotFoundException"));
  });

  it("count a call that found no free sandbox as a throttle", async () => {
    const metrics = createMetrics(realClock);
    open({ maxSandboxes: 1, waitMs: 10, patienceMs: 5, metrics });
    const slow = call({ ms: 300 });
    await call({}).catch(() => {});
    await rejects(call({}), code("TooManyRequestsException"));
    await slow;
    const id = { namespace: "AWS/Lambda", name: "Throttles", dimensions: { FunctionName: "orders" } };
    const minute = Math.floor(Date.now() / 60_000) * 60_000;
    ok(metrics.read(id, minute - 60_000, minute + 60_000)!.sum >= 1);
  });

  it("limit the heap by the memory of the function", async () => {
    open({}, { memorySize: 128 });
    deepStrictEqual((await call({ args: true })).args, ["--max-old-space-size=115"]);
  });

  it("let a service in by a permission for its source", () => {
    open();
    const source = "arn:aws:execute-api:us-east-1:000000000000:abc/$default/POST/orders";
    const enter = (arn = source, service = "apigateway.amazonaws.com") =>
      functions.authorizeInvoke("orders", service, arn);
    throws(() => enter(), code("AccessDeniedException"));
    functions.putPermission("orders", "gateway", {
      Effect: "Allow",
      Principal: { Service: "apigateway.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Condition: {
        ArnLike: { "AWS:SourceArn": "arn:aws:execute-api:us-east-1:000000000000:abc/*/*/orders" },
      },
    });
    enter();
    throws(
      () => enter(source.replace("orders", "other")),
      /not authorized to perform: lambda:InvokeFunction/,
    );
    throws(() => enter(source, "sns.amazonaws.com"), code("AccessDeniedException"));
    functions.removePermission("orders", "gateway");
    throws(() => enter(), code("AccessDeniedException"));
  });
});
