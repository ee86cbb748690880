import { answer, type HttpAnswer } from "./answer";
import type { IncomingRequest } from "./event";
import { type Log, reasonOf } from "./log";
import { type MessageFacts, MessageTooLarge } from "./message";
import type { Probe } from "./probe";
import { QueueError } from "./queue-error";
import { redactHeaders, redactQuery } from "./redact";
import type { PreQueueSettings } from "./settings";
import { encodeMessages } from "./split";
import type { VerifiedRequest } from "./verify/verify";

export interface QueuePorts {
  settings: Pick<PreQueueSettings, "name" | "maxMessageBytes">;
  /** Resolves when the message is in the queue; `until` by performance.now(). */
  send(message: string, until?: number): Promise<void>;
  log: Log;
}

/** Milliseconds for all parts of one event: what the queue client gives a single message. */
const ALL_PARTS = 2500;
/** Each connection more is a TLS handshake more, at 1/7 of a CPU; three send 6 MB in a third of the time of one. */
const LANES = 3;

/** Demands a verified request: an unchecked one does not compile. */
export async function enqueue(
  request: VerifiedRequest,
  ports: QueuePorts,
  probe?: Probe,
): Promise<HttpAnswer> {
  try {
    const { name, maxMessageBytes } = ports.settings;
    const until = performance.now() + ALL_PARTS;
    const messages = encodeMessages(facts(request, name, probe), request.raw, maxMessageBytes);
    if (messages.length === 1) await ports.send(messages[0]!);
    else await sendParts(messages, (message) => ports.send(message, until));
    return answer(200, { ok: true, id: request.id });
  } catch (error) {
    return notQueued(request, error, ports.log);
  }
}

/**
 * Resolves when all are in the queue. Throws the first error, but not before every send has ended: what is under way
 * when a function answers is frozen with it.
 */
async function sendParts(messages: string[], send: (message: string) => Promise<void>): Promise<void> {
  const waiting = [...messages];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        await send(next);
      } catch (error) {
        // Without one of its parts the event is not queued, so the others need not be sent.
        waiting.length = 0;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: LANES }, lane));
  for (const result of ended) if (result.status === "rejected") throw result.reason;
}

function notQueued(request: IncomingRequest, error: unknown, log: Log): HttpAnswer {
  if (error instanceof MessageTooLarge) {
    log("warn", "event too large", {
      code: "TOO_LARGE",
      id: request.id,
      bytes: error.bytes,
      limit: error.limit,
    });
    return answer(413, { ok: false, code: "TOO_LARGE", message: error.message });
  }
  const awsCode = error instanceof QueueError ? error.code : undefined;
  log("error", "event not queued", { code: "NOT_QUEUED", id: request.id, awsCode, error: reasonOf(error) });
  return answer(503, { ok: false, code: "NOT_QUEUED" }, { "retry-after": "5" });
}

function facts(request: VerifiedRequest, name: string, probe?: Probe): MessageFacts {
  const { id, formerId, requestId, method, path, sourceIp, contentType, verified, secretPlaces } = request;
  const query = redactQuery(request.query, secretPlaces);
  const headers = redactHeaders(request.headers, secretPlaces);
  return {
    id,
    ...(formerId !== undefined && { formerId }),
    requestId,
    name,
    receivedAt: request.receivedAt.toISOString(),
    request: { method, path, query, headers, sourceIp },
    contentType,
    verified,
    ...(probe && { probe: { nonce: probe.nonce, deadline: probe.deadline } }),
  };
}
