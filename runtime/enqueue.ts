import { answer, type HttpAnswer } from "./answer";
import type { IncomingRequest } from "./event";
import { type Log, reasonOf } from "./log";
import { encodeMessage, type MessageFacts, MessageTooLarge } from "./message";
import type { Probe } from "./probe";
import { QueueError } from "./queue-error";
import { redactHeaders } from "./redact";
import type { PreQueueSettings } from "./settings";
import type { VerifiedRequest } from "./verify/verify";

export interface QueuePorts {
  settings: Pick<PreQueueSettings, "name" | "maxMessageBytes">;
  /** Resolves when the message is in the queue. */
  send(message: string): Promise<void>;
  log: Log;
}

/** Demands a verified request: an unchecked one does not compile. */
export async function enqueue(
  request: VerifiedRequest,
  ports: QueuePorts,
  probe?: Probe,
): Promise<HttpAnswer> {
  try {
    const message = encodeMessage(
      facts(request, ports.settings.name, probe),
      request.raw,
      ports.settings.maxMessageBytes,
    );
    await ports.send(message);
    return answer(200, { ok: true, id: request.id });
  } catch (error) {
    return notQueued(request, error, ports.log);
  }
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
  const { id, requestId, method, path, query, sourceIp, contentType, verified } = request;
  return {
    id,
    requestId,
    name,
    receivedAt: request.receivedAt.toISOString(),
    request: { method, path, query, headers: redactHeaders(request.headers), sourceIp },
    contentType,
    verified,
    ...(probe && { probe: { nonce: probe.nonce, deadline: probe.deadline } }),
  };
}
