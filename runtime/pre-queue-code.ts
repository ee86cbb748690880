import { answer, type HttpAnswer } from "./answer";
import { parseBody } from "./body";
import { type CodePorts, commonTools } from "./code-tools";
import type { IncomingRequest } from "./event";
import type { PreQueueEvent, PreQueueHandler, PreQueueTools } from "./handlers";

export type Verdict =
  | { kind: "keep" }
  | { kind: "drop"; reason: string }
  | { kind: "respond"; answer: HttpAnswer };

/** Runs the user's file on a copy of the request. The first of drop and respond counts. Throws what the file throws. */
export async function runPreQueue(
  handler: PreQueueHandler,
  request: IncomingRequest,
  ports: CodePorts = {},
): Promise<Verdict> {
  let verdict: Verdict = { kind: "keep" };
  const decide = (made: Verdict) => {
    if (verdict.kind === "keep") verdict = made;
  };
  const tools: PreQueueTools = {
    ...commonTools(request.id, ports),
    drop: (reason) => decide({ kind: "drop", reason: String(reason) }),
    respond: (status, body, headers) =>
      decide({ kind: "respond", answer: checkedAnswer(status, body, headers) }),
  };
  await handler(eventFor(request), tools);
  return verdict;
}

function checkedAnswer(
  status: number,
  body?: string | Buffer | object,
  headers?: Record<string, string>,
): HttpAnswer {
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw new RangeError(`respond(status) takes an HTTP status of 200 to 599, not ${status}`);
  }
  return answer(status, body, headers);
}

/** The request as user code sees it: a copy. */
export function eventFor(request: IncomingRequest): PreQueueEvent {
  const { method, path, query, headers, sourceIp, contentType, receivedAt } = request;
  const raw = Buffer.from(request.raw);
  let parsed: { body: unknown } | undefined;
  return {
    method,
    path,
    query: { ...query },
    headers: { ...headers },
    sourceIp,
    contentType,
    raw,
    get body() {
      parsed ??= { body: bodyOf(request) };
      return parsed.body;
    },
    receivedAt,
  };
}

function bodyOf(request: IncomingRequest): unknown {
  const body = parseBody(request.contentType, request.raw, request.headers["content-encoding"]);
  return body?.ok ? body.value : undefined;
}
