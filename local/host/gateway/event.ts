import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";
import { LOCAL_ACCOUNT } from "../../protocol";
import { isPlainText } from "./body-encoding";
import type { RouteMatch } from "./routes";

export interface EventFacts {
  apiId: string;
  region: string;
  stage: string;
  requestId: string;
  /** Milliseconds since the epoch. */
  now: number;
  match: RouteMatch;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** CLF time, e.g. 12/Mar/2020:19:03:58 +0000. */
export function clfTime(now: number): string {
  const [date, time] = new Date(now).toISOString().split("T") as [string, string];
  const [year, month, day] = date.split("-");
  return `${day}/${MONTHS[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}

/** Lower-cased names; what was sent twice is joined by commas. Cookies go elsewhere, `connection` ends here. */
function headersOf(request: IncomingMessage): { headers: Record<string, string>; cookies: string[] } {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  const raw = request.rawHeaders;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!.toLowerCase();
    // Node reads header bytes as latin1; a sender's UTF-8 stays what it was.
    const value = Buffer.from(raw[at + 1]!, "latin1").toString("utf8");
    if (name === "cookie") cookies.push(...value.split(/; */).filter(Boolean));
    else if (name !== "connection" && name !== "transfer-encoding") {
      headers[name] = Object.hasOwn(headers, name) ? `${headers[name]},${value}` : value;
    }
  }
  return { headers, cookies };
}

/** The peer, without IPv6's way of writing an IPv4 address. */
export function sourceIpOf(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}

/** What API Gateway adds to `x-forwarded-*`: the whole chain is passed on, the peer at its end. */
function addForwarded(headers: Record<string, string>, request: IncomingMessage): void {
  const peer = sourceIpOf(request);
  const chain = headers["x-forwarded-for"];
  headers["x-forwarded-for"] = chain ? `${chain}, ${peer}` : peer;
  headers["x-forwarded-port"] ??= String(request.socket.localPort ?? "");
  headers["x-forwarded-proto"] ??= "http";
}

function queryOf(text: string): Record<string, string> | undefined {
  if (text === "") return undefined;
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    query[name] = Object.hasOwn(query, name) ? `${query[name]},${value}` : value;
  }
  return query;
}

function decodePath(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

function domainOf(facts: EventFacts, headers: Record<string, string>) {
  const domainName =
    (headers.host ?? "").replace(/:\d+$/, "") || `${facts.apiId}.execute-api.${facts.region}.amazonaws.com`;
  return { domainName, domainPrefix: domainName.split(".")[0]! };
}

/**
 * The payload 2.0 event, field by field as API Gateway sends it. Absent fields are absent.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function toEvent(request: IncomingMessage, body: Buffer, facts: EventFacts): Record<string, unknown> {
  const [path, ...query] = request.url!.split("?");
  const { headers, cookies } = headersOf(request);
  addForwarded(headers, request);
  const rawQueryString = query.join("?");
  const rawPath = decodePath(path!);
  // Text that is not UTF-8 would not survive as text, whatever its label says.
  const isBase64Encoded = body.length > 0 && !(isPlainText(headers["content-type"]) && isUtf8(body));
  const queryStringParameters = queryOf(rawQueryString);
  if (body.length > 0) headers["content-length"] ??= String(body.length);
  return {
    version: "2.0",
    routeKey: facts.match.route.routeKey,
    rawPath,
    rawQueryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(queryStringParameters ? { queryStringParameters } : {}),
    requestContext: {
      accountId: LOCAL_ACCOUNT,
      apiId: facts.apiId,
      ...domainOf(facts, headers),
      http: {
        method: request.method,
        path: rawPath,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: sourceIpOf(request),
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: facts.requestId,
      routeKey: facts.match.route.routeKey,
      stage: facts.stage,
      time: clfTime(facts.now),
      timeEpoch: facts.now,
    },
    ...(facts.match.pathParameters ? { pathParameters: facts.match.pathParameters } : {}),
    ...(body.length > 0 ? { body: body.toString(isBase64Encoded ? "base64" : "utf8") } : {}),
    isBase64Encoded,
  };
}
