/**
 * The inside of a sandbox: the Node runtime of AWS Lambda, as far as a handler can tell.
 *
 * With its parts (sandbox-*.ts) it imports nothing but small parts of Node, because this is what a webhook sender feels as
 * cold start. It talks to the host through two pipes: frames come in on fd 3 and go out, synchronously, on fd 4
 * (see frames.ts). Behaviour and error objects follow AWS's own runtime, aws-lambda-ric 4.0.2, held to it by
 * test/component/contract/sandbox.test.ts.
 */
import { readSync, writeSync } from "node:fs";
import { enableCompileCache, flushCompileCache } from "node:module";
import { Socket } from "node:net";
import { join } from "node:path";
import { format } from "node:util";
import { type Handler, loadHandler, runtimeError } from "./sandbox-code";
import { NetworkGuard } from "./sandbox-network";
import type { Reach } from "./sandbox-reach";

interface InvokeHeader {
  type: "invoke";
  requestId: string;
  arn: string;
  deadline: number;
}

type Header = InvokeHeader | { type: "reach" };

const FROM_HOST = 3;
const TO_HOST = 4;
const { env } = process;
const ownOptions = env.NODE_OPTIONS;
let requestId = "";

// ── frames ──────────────────────────────────────────────────────────────────────────────────────────

/** Writes all of it, whatever the pipe takes at once: the handler may call process.exit() right after. */
function send(header: object, payload = ""): void {
  const head = Buffer.from(JSON.stringify(header));
  const body = Buffer.from(payload);
  const frame = Buffer.allocUnsafe(8 + head.length + body.length);
  frame.writeUInt32BE(head.length, 0);
  frame.writeUInt32BE(body.length, 4);
  head.copy(frame, 8);
  body.copy(frame, 8 + head.length);
  for (let at = 0; at < frame.length; ) at += writeSync(TO_HOST, frame, at);
}

function readFully(length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  for (let at = 0; at < length; ) {
    const count = readSync(FROM_HOST, buffer, at, length - at, null);
    if (count === 0) process.exit(0);
    at += count;
  }
  return buffer;
}

/** The host has written it before this process began to run: user code is not loaded without it. */
function readFirstReach(): Reach {
  const lengths = readFully(8);
  readFully(lengths.readUInt32BE(0));
  return JSON.parse(readFully(lengths.readUInt32BE(4)).toString()) as Reach;
}

function receive(onFrame: (header: Header, payload: string) => void): void {
  let chunks: Buffer[] = [];
  let size = 0;
  let wanted = 8;
  // A socket, not a read stream: that one would hold a pool thread and make process.exit() hang.
  const socket = new Socket({ fd: FROM_HOST, readable: true, writable: false });
  socket.on("close", () => process.exit(0));
  socket.on("error", () => process.exit(0));
  socket.on("data", (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < wanted) return;
    let buffer = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size);
    wanted = 8;
    while (buffer.length >= 8) {
      const head = buffer.readUInt32BE(0);
      const end = 8 + head + buffer.readUInt32BE(4);
      if (buffer.length < end) {
        wanted = end;
        break;
      }
      onFrame(JSON.parse(buffer.toString("utf8", 8, 8 + head)), buffer.toString("utf8", 8 + head, end));
      buffer = buffer.subarray(end);
    }
    chunks = buffer.length > 0 ? [buffer] : [];
    size = buffer.length;
  });
}

// ── console ─────────────────────────────────────────────────────────────────────────────────────────

const LEVELS = {
  trace: "TRACE",
  debug: "DEBUG",
  info: "INFO",
  log: "INFO",
  warn: "WARN",
  error: "ERROR",
} as const;

function patchConsole(): void {
  for (const [method, level] of Object.entries(LEVELS)) {
    (console as unknown as Record<string, unknown>)[method] = (...args: unknown[]) => {
      const line = `${new Date().toISOString()}\t${requestId || "undefined"}\t${level}\t${format(...args)}`;
      send({ type: "log" }, line);
    };
  }
}

// ── errors ──────────────────────────────────────────────────────────────────────────────────────────

/** AWS's error object. DEL is escaped because the original travels in a header. */
function formatError(error: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  const clean = (text: string | undefined) => text?.replaceAll("\x7F", "%7F") as string;
  return {
    errorType: clean(error.name),
    errorMessage: clean(error.message),
    trace: clean(error.stack)?.split("\n") ?? [],
  };
}

function describe(error: unknown): string {
  const known = error instanceof Error ? error : new Error(String(error));
  const stack = known.stack?.split("\n");
  const { name: errorType, message: errorMessage } = known;
  try {
    return JSON.stringify({
      errorType,
      errorMessage,
      code: (known as NodeJS.ErrnoException).code,
      ...known,
      stack,
    });
  } catch {
    return JSON.stringify(formatError(known));
  }
}

// ── invocations ─────────────────────────────────────────────────────────────────────────────────────

function contextOf(invoke: InvokeHeader): object {
  return {
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: invoke.arn,
    awsRequestId: invoke.requestId,
    tenantId: undefined,
    xRayTraceId: undefined,
    getRemainingTimeInMillis: () => invoke.deadline - Date.now(),
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
  };
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value === undefined ? null : value) ?? "null";
  } catch {
    throw runtimeError("JSONStringifyError", "Unable to stringify response body");
  }
}

async function answer(handler: Handler, invoke: InvokeHeader, payload: string): Promise<void> {
  requestId = invoke.requestId;
  const rss = () => process.memoryUsage.rss();
  try {
    const reply = stringify(await handler(JSON.parse(payload), contextOf(invoke)));
    // One turn, as in AWS's runtime: what the handler left to do at once, it still does.
    await new Promise((next) => setImmediate(next));
    send({ type: "done", requestId, rss: rss() }, reply);
  } catch (error) {
    await new Promise((next) => setImmediate(next));
    console.error(`Invoke Error \t${describe(error)}`);
    send({ type: "error", requestId, rss: rss() }, JSON.stringify(formatError(error)));
  }
}

// ── children ────────────────────────────────────────────────────────────────────────────────────────

/** Node processes that the function starts find in their environment where they may open connections. */
function tellChildren(reach: Reach): void {
  const file = join(__dirname, "sandbox-child.js").replace(/["\\]/g, "\\$&");
  env.NODE_OPTIONS = [ownOptions, `--require "${file}"`].filter(Boolean).join(" ");
  env.NAMI_SANDBOX_PID = String(process.pid);
  env.NAMI_SANDBOX_REACH = JSON.stringify(reach);
}

async function main(): Promise<void> {
  patchConsole();
  const reach = readFirstReach();
  const network = new NetworkGuard(reach, (line) => send({ type: "log" }, line));
  tellChildren(reach);
  // Compiled code of the bundles is kept beside the host: a large bundle starts in half the time.
  if (process.argv[2]) enableCompileCache(process.argv[2]);
  try {
    const handler = await loadHandler(env.LAMBDA_TASK_ROOT!, env._HANDLER!);
    receive((header, payload) => {
      if (header.type === "reach") {
        network.update(JSON.parse(payload) as Reach);
        tellChildren(JSON.parse(payload) as Reach);
      } else void answer(handler, header, payload);
    });
    send({ type: "ready" });
    // Node writes it when the process ends, which a killed sandbox never does.
    setTimeout(flushCompileCache, 1_000).unref();
  } catch (error) {
    console.error(`Init Error \t${describe(error)}`);
    send({ type: "initError" }, JSON.stringify(formatError(error)));
    process.exit(1);
  }
}

void main();
