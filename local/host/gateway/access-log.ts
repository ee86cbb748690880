import type { IncomingMessage } from "node:http";
import { LOCAL_ACCOUNT } from "../../protocol";
import { clfTime, sourceIpOf } from "./event";

export interface AccessFacts {
  apiId: string;
  requestId: string;
  routeKey: string;
  stage: string;
  status: number;
  responseLength: number;
  /** Milliseconds since the epoch. */
  startedAt: number;
  now: number;
  integrationMs?: number;
  error?: string;
}

/** Fills AWS's access log format; a variable without a value becomes "-". */
export function accessLine(format: string, request: IncomingMessage, facts: AccessFacts): string {
  const values: Record<string, string | number | undefined> = {
    accountId: LOCAL_ACCOUNT,
    apiId: facts.apiId,
    domainName: request.headers.host,
    "error.message": facts.error,
    "error.messageString": facts.error && JSON.stringify(facts.error),
    extendedRequestId: facts.requestId,
    httpMethod: request.method,
    "identity.sourceIp": sourceIpOf(request),
    "identity.userAgent": request.headers["user-agent"],
    "integration.error": facts.error,
    "integration.latency": facts.integrationMs,
    integrationErrorMessage: facts.error,
    integrationLatency: facts.integrationMs,
    path: request.url?.split("?")[0],
    protocol: `HTTP/${request.httpVersion}`,
    requestId: facts.requestId,
    requestTime: clfTime(facts.startedAt),
    requestTimeEpoch: facts.startedAt,
    responseLatency: facts.now - facts.startedAt,
    responseLength: facts.responseLength,
    routeKey: facts.routeKey,
    stage: facts.stage,
    status: facts.status,
  };
  return format.replace(/\$context\.([\w.]*\w)/g, (_, name: string) => encode(values[name]));
}

/** The sender chooses some of these values: they must not break out of a JSON format or of the line. */
function encode(value: string | number | undefined): string {
  if (value === undefined) return "-";
  return typeof value === "number" ? String(value) : JSON.stringify(value).slice(1, -1);
}
