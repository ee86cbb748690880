import { randomUUID } from "node:crypto";
import type { FunctionSpec, InvokeResult } from "../services";
import type { Outcome, Sandbox } from "./sandbox-process";

/** Of a request and of an answer, bytes. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_PAYLOAD = 6_291_456;
const MAX_ANSWER = MAX_PAYLOAD + 100;

/** Runs one request in a sandbox, with the log lines and the error objects of AWS. */
export async function runInvocation(sandbox: Sandbox, payload: string): Promise<InvokeResult> {
  const { spec } = sandbox;
  const requestId = randomUUID();
  const log = (text: string) => sandbox.log.write(text);
  const initMs = sandbox.initMs;
  sandbox.initMs = 0;
  log(`START RequestId: ${requestId} Version: $LATEST`);
  const started = performance.now();
  const outcome = await sandbox.invoke(requestId, payload, spec.timeout * 1000);
  const result = toResult(outcome, requestId, spec);
  if (outcome.kind === "timeout" || outcome.kind === "exit") log(JSON.parse(result.payload).errorMessage);
  log(`END RequestId: ${requestId}`);
  log(report(requestId, spec, { ms: performance.now() - started, initMs, outcome }));
  return result;
}

function toResult(outcome: Outcome, requestId: string, spec: FunctionSpec): InvokeResult {
  if (outcome.kind === "done") {
    if (outcome.payload.length * 3 <= MAX_ANSWER) return { payload: outcome.payload };
    return Buffer.byteLength(outcome.payload) <= MAX_ANSWER ? { payload: outcome.payload } : tooLarge();
  }
  if (outcome.kind === "error") return unhandled(outcome.payload);
  if (outcome.kind === "timeout") {
    const errorMessage = `${new Date().toISOString()} ${requestId} Task timed out after ${spec.timeout.toFixed(2)} seconds`;
    return unhandled(JSON.stringify({ errorType: "Sandbox.Timedout", errorMessage }));
  }
  const { reason } = outcome as Extract<Outcome, { kind: "exit" }>;
  const errorMessage = `RequestId: ${requestId} Error: ${reason}`;
  return unhandled(JSON.stringify({ errorType: "Runtime.ExitError", errorMessage }));
}

function tooLarge(): InvokeResult {
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_ANSWER} bytes).`;
  return unhandled(JSON.stringify({ errorType: "Function.ResponseSizeTooLarge", errorMessage }));
}

export function unhandled(payload: string): InvokeResult {
  return { payload, functionError: "Unhandled" };
}

function report(
  requestId: string,
  spec: FunctionSpec,
  run: { ms: number; initMs: number; outcome: Outcome },
): string {
  const rss = "rss" in run.outcome ? Math.ceil(run.outcome.rss / 1048576) : spec.memorySize;
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${run.ms.toFixed(2)} ms`,
    // The init phase of a zip is billed too, since August 2025.
    `Billed Duration: ${Math.ceil(run.ms + run.initMs)} ms`,
    `Memory Size: ${spec.memorySize} MB`,
    `Max Memory Used: ${rss} MB`,
  ];
  if (run.initMs > 0) fields.push(`Init Duration: ${run.initMs.toFixed(2)} ms`);
  return `${fields.join("\t")}\t`;
}
