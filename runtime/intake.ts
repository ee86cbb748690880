import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { answer, type HttpAnswer } from "./answer";
import type { CodeSecrets } from "./code-secrets";
import { enqueue, type QueuePorts } from "./enqueue";
import { type IncomingRequest, incomingRequest } from "./event";
import type { PreQueueHandler } from "./handlers";
import { reasonOf, stackOf } from "./log";
import type { MinuteBudget } from "./minute-budget";
import { runPreQueue } from "./pre-queue-code";
import { PROBE_HEADER } from "./probe";
import type { Rejections } from "./rejections";
import type { PreQueueSettings } from "./settings";
import { addressProblem } from "./verify/addresses";
import { genericEcho, mayShake, shake } from "./verify/handshake";
import type { Handshake, Shaken } from "./verify/preset";
import { askOf, type VerifiedRequest, type Verifier, verify, verifyProbe } from "./verify/verify";

export interface IntakePorts extends QueuePorts {
  settings: PreQueueSettings;
  verifier: Verifier;
  probeKey: string;
  handler: PreQueueHandler;
  /** Of the user's code. */
  secrets?: CodeSecrets;
  /** Whether the handler is the user's own: it may answer what is no event. */
  ownHandler: boolean;
  rejections: Rejections;
  /** Lines that strangers may cause. */
  budget: MinuteBudget;
  now(): number;
}

const QUEUED_METHODS = ["POST", "PUT", "PATCH", "DELETE"];

/** Request in → handshake? → verified → user code → queued → 200. Whatever is not in the queue is not answered with 200. */
export async function intake(
  event: APIGatewayProxyEventV2,
  ports: IntakePorts,
): Promise<APIGatewayProxyStructuredResultV2> {
  const request = incomingRequest(event, ports.now());
  const probe = request.headers[PROBE_HEADER];
  if (probe !== undefined) return intakeProbe(probe, request, ports);

  const { ips } = ports.verifier.settings;
  const stranger = ips === undefined ? undefined : addressProblem(ips, request);
  if (stranger !== undefined) return refuse(request, stranger, ports);

  const asked = await handshake("open", request, ports);
  if (asked) return asked;
  const echoed = genericEcho({ request, settings: ports.verifier.settings });
  if (echoed && !isEvent(request)) return shaken(echoed, request, ports);
  if (request.method === "OPTIONS") return answer(204, undefined, allow(ports));
  // Some providers look with HEAD whether there is anybody.
  if (request.method === "HEAD") return answer(200);
  if (!isEvent(request) && !ports.ownHandler && !mayShake(ports.verifier.preset, request.method, "verified"))
    return notAllowed(request, ports);

  const verification = await verify(ports.verifier, request, ports.now());
  if (verification.ok) return take(verification.request, echoed, ports);
  if (verification.undecided) return cannotTell(request, verification.reason, ports);
  return echoed ? shaken(echoed, request, ports) : refuse(request, verification.reason, ports);
}

/** A verified request: the provider's question, or what user code answers, or an event, perhaps with a challenge in it. */
async function take(
  request: VerifiedRequest,
  echoed: Shaken | undefined,
  ports: IntakePorts,
): Promise<HttpAnswer> {
  const asked = await handshake("verified", request, ports);
  if (asked) return asked;
  const stopped = await runUserCode(request, ports);
  if (stopped) return stopped.dropped && echoed ? echoed.answer : stopped.answer;
  if (!isEvent(request)) return notAllowed(request, ports);
  const answered = await enqueue(request, ports);
  if (answered.statusCode !== 200) return answered;
  return echoed ? echoed.answer : success(answered, ports);
}

function isEvent({ method }: IncomingRequest): boolean {
  return QUEUED_METHODS.includes(method);
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.allow */
function allow({ ownHandler, verifier }: IntakePorts): { allow: string } {
  const get = ownHandler || verifier.settings.echo || mayShake(verifier.preset, "GET");
  return { allow: [...(get ? ["GET"] : []), ...QUEUED_METHODS, "HEAD", "OPTIONS"].join(", ") };
}

function notAllowed({ method }: IncomingRequest, ports: IntakePorts): HttpAnswer {
  const message = `Send events with POST, not ${method}.`;
  return answer(405, { ok: false, code: "METHOD_NOT_ALLOWED", message }, allow(ports));
}

/** What the provider, or the deployment, wants to read instead of Nami's own 200. */
function success(answered: HttpAnswer, { settings, verifier }: IntakePorts): HttpAnswer {
  const own = settings.success;
  const { status: usual, ...provider } = verifier.preset.success ?? {};
  // A body of one's own is under no status that was meant for the provider's: Discord's would have none.
  const status = own?.status ?? (own?.body === undefined ? usual : undefined);
  const { body, contentType } = { ...provider, ...own };
  if (status === undefined && body === undefined) return answered;
  // RFC 9110, 15.3.5 and 15.3.6: no content.
  if (status === 204 || status === 205) return answer(status);
  if (body === undefined) return { ...answered, statusCode: status };
  return answer(status ?? 200, body, contentType === undefined ? {} : { "content-type": contentType });
}

async function handshake(
  when: Handshake["when"],
  request: IncomingRequest,
  ports: IntakePorts,
): Promise<HttpAnswer | undefined> {
  const { verifier, log, now, budget } = ports;
  try {
    const answered = await shake(verifier.preset, when, askOf(verifier, request, now()));
    return answered && shaken(answered, request, ports);
  } catch (error) {
    if (budget.allows(now()))
      log("error", "handshake failed", { code: "HANDSHAKE_FAILED", id: request.id, error: reasonOf(error) });
    return answer(503, { ok: false, code: "HANDSHAKE_FAILED" }, { "retry-after": "5" });
  }
}

function shaken({ answer, note, refused }: Shaken, request: IncomingRequest, ports: IntakePorts): HttpAnswer {
  const { log, now, budget, rejections } = ports;
  if (refused) rejections.add(request, "NOT_VERIFIED", refused);
  else if (budget.allows(now()))
    log("info", "handshake answered", { code: "HANDSHAKE", id: request.id, note });
  return answer;
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

function refuse(request: IncomingRequest, reason: string, { rejections }: IntakePorts): HttpAnswer {
  rejections.add(request, "NOT_VERIFIED", reason);
  return answer(401, { ok: false, code: "NOT_VERIFIED" });
}

/** Perhaps it is genuine: the sender is to ask again, and does not give up as it would after a 401. */
function cannotTell(request: IncomingRequest, reason: string, { log, budget, now }: IntakePorts): HttpAnswer {
  if (budget.allows(now()))
    log("error", "request not verified", { code: "NOT_DECIDED", id: request.id, reason });
  return answer(503, { ok: false, code: "NOT_DECIDED" }, { "retry-after": "5" });
}

/** An answer when user code stopped the event, undefined when it goes on. */
async function runUserCode(
  request: IncomingRequest,
  { handler, log, secrets }: IntakePorts,
): Promise<{ answer: HttpAnswer; dropped?: true } | undefined> {
  try {
    const verdict = await runPreQueue(handler, request, { log, secrets });
    if (verdict.kind === "respond") return { answer: verdict.answer };
    if (verdict.kind === "keep") return undefined;
    log("info", "event dropped by pre-queue code", { id: request.id, reason: verdict.reason });
    return { answer: answer(200, { ok: true, id: request.id, dropped: true }), dropped: true };
  } catch (error) {
    const what = { id: request.id, error: reasonOf(error), stack: stackOf(error) };
    log("error", "pre-queue code failed", { code: "HANDLER_FAILED", ...what });
    return { answer: answer(500, { ok: false, code: "HANDLER_FAILED" }) };
  }
}
