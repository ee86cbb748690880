import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** How one invocation ended. `payload` is parsed; absent when the process died. */
export interface Ended {
  kind: "done" | "error" | "exit";
  payload?: unknown;
}

/** A running function: the same process for every call, as long as it lives. */
export interface RunningFunction {
  invoke(event: unknown): Promise<Ended>;
  /** What it logged so far. */
  output(): string[];
  stop(): Promise<void>;
}

export type StartFunction = (codeDir: string, handler: string) => RunningFunction;

export const FUNCTION_NAME = "contract";
export const FUNCTION_ARN = "arn:aws:lambda:us-east-1:000000000000:function:contract";

const HANDLERS: Record<string, string> = {
  "index.js": `
    let calls = 0;
    class OrderError extends Error { constructor(m) { super(m); this.name = "OrderError"; this.order = 7; } }
    const cases = {
      echo: async (event) => event,
      nothing: async () => undefined,
      text: async () => "grüße",
      sync: (event) => ({ sync: true, n: event.n }),
      asyncThrow: async () => { throw new TypeError("boo"); },
      syncThrow: () => { throw new OrderError("no such order"); },
      throwText: async () => { throw "plain text"; },
      throwNothing: async () => { throw undefined; },
      del: async () => { throw new Error("a\\x7Fb"); },
      circular: async () => { const a = {}; a.a = a; return a; },
      bigint: async () => ({ n: 10n }),
      big: async (event) => "x".repeat(event.size),
      count: async () => ++calls,
      exit: async () => process.exit(3),
      rejection: async () => { Promise.reject(new Error("nobody listens")); await new Promise((r) => setTimeout(r, 2000)); },
      later: async () => { setTimeout(() => console.log("late"), 5); return "now"; },
      log: async () => { console.log("hello", { a: 1 }); console.error("bad"); console.warn("two\\nlines"); return 1; },
      context: async (event, context) => ({
        keys: Object.keys(context).sort(), ...context, remaining: context.getRemainingTimeInMillis(),
        argument: typeof context.getRemainingTimeInMillis,
      }),
    };
    exports.handler = (event, context) => cases[event.case](event, context);`,
  "lib/deep.js": "exports.api = { v1: { handler: async () => 'deep' } };",
  "module.mjs":
    "const n = await Promise.resolve(5); export const handler = async () => ({ n, esm: typeof require });",
  "default.mjs": "export default { handler: async () => 'from default' };",
};

function writeHandlers(): string {
  const dir = mkdtempSync(join(tmpdir(), "nami-contract-"));
  for (const [file, code] of Object.entries(HANDLERS)) {
    mkdirSync(dirname(join(dir, file)), { recursive: true });
    writeFileSync(join(dir, file), code);
  }
  return dir;
}

type Shape = { errorType: string; errorMessage: string; trace: string[] };

/** What a handler can see of the runtime it runs in. Passed by AWS's own runtime and by ours. */
export function sandboxContract(start: () => StartFunction): void {
  let dir: string;
  const running: RunningFunction[] = [];
  const run = (handler = "index.handler") => {
    const fn = start()(dir, handler);
    running.push(fn);
    return fn;
  };

  before(() => {
    dir = writeHandlers();
  });
  afterEach(() => Promise.all(running.splice(0).map((fn) => fn.stop())));
  after(() => rmSync(dir, { recursive: true, force: true }));

  const answers: [name: string, event: object, payload: unknown][] = [
    ["an object", { case: "echo", deep: [1, { ü: null }] }, { case: "echo", deep: [1, { ü: null }] }],
    ["null for nothing", { case: "nothing" }, null],
    ["text", { case: "text" }, "grüße"],
    ["what a handler returns without a promise", { case: "sync", n: 2 }, { sync: true, n: 2 }],
  ];
  for (const [name, event, payload] of answers) {
    it(`answers with ${name}`, async () =>
      deepStrictEqual(await run().invoke(event), { kind: "done", payload }));
  }

  const errors: [name: string, errorType: string, errorMessage: string][] = [
    ["asyncThrow", "TypeError", "boo"],
    ["syncThrow", "OrderError", "no such order"],
    ["throwText", "string", "plain text"],
    ["throwNothing", "undefined", "undefined"],
    ["del", "Error", "a%7Fb"],
    ["circular", "Runtime.JSONStringifyError", "Unable to stringify response body"],
    ["bigint", "Runtime.JSONStringifyError", "Unable to stringify response body"],
  ];
  for (const [name, errorType, errorMessage] of errors) {
    it(`reports the error of ${name} and keeps the process`, async () => {
      const fn = run();
      const { kind, payload } = await fn.invoke({ case: name });
      strictEqual(kind, "error");
      const error = payload as Shape;
      deepStrictEqual(Object.keys(error), ["errorType", "errorMessage", "trace"]);
      deepStrictEqual([error.errorType, error.errorMessage], [errorType, errorMessage]);
      if (!name.startsWith("throw")) match(error.trace[0]!, new RegExp(`${errorMessage}$`));
      else deepStrictEqual(error.trace, []);
      deepStrictEqual(await fn.invoke({ case: "count" }), { kind: "done", payload: 1 });
    });
  }

  it("keeps module state between calls", async () => {
    const fn = run();
    const counts = [];
    for (let n = 0; n < 3; n++) counts.push((await fn.invoke({ case: "count" })).payload);
    deepStrictEqual(counts, [1, 2, 3]);
  });

  it("carries a reply of 5 MB and a request of 5 MB", async () => {
    const fn = run();
    strictEqual(((await fn.invoke({ case: "big", size: 5_000_000 })).payload as string).length, 5_000_000);
    const event = { case: "echo", text: "é".repeat(2_500_000) };
    deepStrictEqual((await fn.invoke(event)).payload, event);
  });

  for (const name of ["exit", "rejection"]) {
    it(`ends with the process of a handler by ${name}`, async () =>
      deepStrictEqual(await run().invoke({ case: name }), { kind: "exit" }));
  }

  it("gives the handler the context of AWS", async () => {
    const context = (await run().invoke({ case: "context" })).payload as Record<string, unknown>;
    deepStrictEqual(context.keys, [
      "awsRequestId",
      "clientContext",
      "functionName",
      "functionVersion",
      "getRemainingTimeInMillis",
      "identity",
      "invokedFunctionArn",
      "logGroupName",
      "logStreamName",
      "memoryLimitInMB",
      "tenantId",
      "xRayTraceId",
    ]);
    match(String(context.awsRequestId), /^[0-9a-f]{8}-[0-9a-f]{4}-4/);
    strictEqual(context.functionName, FUNCTION_NAME);
    strictEqual(context.functionVersion, "$LATEST");
    strictEqual(context.invokedFunctionArn, FUNCTION_ARN);
    strictEqual(context.memoryLimitInMB, "256");
    strictEqual(context.logGroupName, "/aws/lambda/contract");
    match(String(context.logStreamName), /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
    ok((context.remaining as number) > 2_000 && (context.remaining as number) <= 3_000);
  });

  it("logs as AWS does, with time, request, level, text", async () => {
    const fn = run();
    await fn.invoke({ case: "log" });
    const lines = fn.output().join("\n");
    match(lines, /^\d{4}-.*Z\t[0-9a-f-]{36}\tINFO\thello { a: 1 }$/m);
    match(lines, /^\d{4}-.*Z\t[0-9a-f-]{36}\tERROR\tbad$/m);
    match(lines, /\tWARN\ttwo[\r\n]lines/);
  });

  it("logs an error with its stack", async () => {
    const fn = run();
    await fn.invoke({ case: "syncThrow" });
    const line = fn.output().find((text) => text.includes("Invoke Error"))!;
    const [, , level, title, json] = line.split("\t");
    deepStrictEqual([level, title], ["ERROR", "Invoke Error "]);
    const { stack, ...error } = JSON.parse(json!);
    deepStrictEqual(error, {
      errorType: "OrderError",
      errorMessage: "no such order",
      name: "OrderError",
      order: 7,
    });
    strictEqual(stack[0], "OrderError: no such order");
  });

  const handlers: [handler: string, payload: unknown][] = [
    ["lib/deep.api.v1.handler", "deep"],
    ["module.handler", { n: 5, esm: "undefined" }],
    ["default.handler", "from default"],
  ];
  for (const [handler, payload] of handlers) {
    it(`finds the handler ${handler}`, async () =>
      deepStrictEqual(await run(handler).invoke({}), { kind: "done", payload }));
  }
}
