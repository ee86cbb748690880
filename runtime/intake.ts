import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { answer, type HttpAnswer } from "./answer";
import { enqueue, type QueuePorts } from "./enqueue";
import { type IncomingRequest, incomingRequest } from "./event";
import type { PreQueueHandler } from "./handlers";
import { reasonOf } from "./log";
import { runPreQueue } from "./pre-queue-code";
import { PROBE_HEADER, type Probe } from "./probe";
import type { PreQueueSettings } from "./settings";
import { verify, verifyProbe } from "./verify/verify";

export interface IntakePorts extends QueuePorts {
  settings: PreQueueSettings;
  probeKey: string;
  handler: PreQueueHandler;
  now(): number;
}

const QUEUED_METHODS = new Set(["POST", "PUT", "PATCH", "DELETE"]);
const ALLOW = { allow: "POST, PUT, PATCH, DELETE, OPTIONS" };

/** Request in → verified → user code → queued → 200. Whatever is not in the queue is not answered with 200. */
export async function intake(
  event: APIGatewayProxyEventV2,
  ports: IntakePorts,
): Promise<APIGatewayProxyStructuredResultV2> {
  const request = incomingRequest(event, ports.now());
  const probe = request.headers[PROBE_HEADER];
  if (probe !== undefined) return intakeProbe(probe, request, ports);
  if (request.method === "OPTIONS") return answer(204, undefined, ALLOW);

  const { scheme } = ports.settings.verification;
  const verification = verify(scheme, [], request, ports.now());
  if (!verification.ok) return refuse(request, verification.reason, ports);

  const stopped = await runUserCode(request, ports);
  if (stopped) return stopped;
  if (!QUEUED_METHODS.has(request.method)) {
    return answer(
      405,
      { ok: false, code: "METHOD_NOT_ALLOWED", message: `Send events with POST, not ${request.method}.` },
      ALLOW,
    );
  }
  return enqueue(verification.request, ports);
}

/** Nami's own probe passes before verification and user code, under a key of its own. */
async function intakeProbe(
  header: string,
  request: IncomingRequest,
  ports: IntakePorts,
): Promise<HttpAnswer> {
  const checked = verifyProbe(ports.probeKey, ports.settings.name, header, request, ports.now());
  return checked.ok ? enqueue(checked.request, ports, checked.probe) : refuse(request, checked.reason, ports);
}

function refuse(request: IncomingRequest, reason: string, { log }: IntakePorts): HttpAnswer {
  log("warn", "request refused", { code: "NOT_VERIFIED", id: request.id, reason });
  return answer(401, { ok: false, code: "NOT_VERIFIED" });
}

/** An answer when user code stopped the event, undefined when it goes on. */
async function runUserCode(
  request: IncomingRequest,
  { handler, log }: IntakePorts,
): Promise<HttpAnswer | undefined> {
  try {
    const verdict = await runPreQueue(handler, request);
    if (verdict.kind === "respond") return verdict.answer;
    if (verdict.kind === "keep") return undefined;
    log("info", "event dropped by pre-queue code", { id: request.id, reason: verdict.reason });
    return answer(200, { ok: true, id: request.id, dropped: true });
  } catch (error) {
    log("error", "pre-queue code failed", { code: "HANDLER_FAILED", id: request.id, error: reasonOf(error) });
    return answer(500, { ok: false, code: "HANDLER_FAILED" });
  }
}
