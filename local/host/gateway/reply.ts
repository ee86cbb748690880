/** What goes back to the sender. */
export interface Reply {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** The gateway's own answers, in AWS's words. */
export function messageReply(status: number, message: string, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: Buffer.from(JSON.stringify({ message })),
  };
}

export const replies = {
  notFound: () => messageReply(404, "Not Found"),
  tooLarge: () => messageReply(413, "Request Entity Too Large"),
  tooManyRequests: () => messageReply(429, "Too Many Requests"),
  internalError: () => messageReply(500, "Internal Server Error"),
  unavailable: () => messageReply(503, "Service Unavailable"),
  /** Every sandbox is busy: the sender is told at once when to come again. */
  saturated: () => messageReply(503, "Service Unavailable", { "retry-after": "1" }),
};

/** Headers that belong to the connection, not to the function. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
  "upgrade",
  "trailer",
]);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An answer without `statusCode` is the body of a 200. */
function shortForm(payload: string, value: unknown): Reply {
  const body = typeof value === "string" ? value : payload;
  return { status: 200, headers: { "content-type": "application/json" }, body: Buffer.from(body) };
}

function headersOf(answer: Record<string, unknown>): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(isObject(answer.headers) ? answer.headers : {})) {
    const lower = name.toLowerCase();
    if (value !== null && value !== undefined && !HOP_BY_HOP.has(lower)) headers[lower] = String(value);
  }
  if (Array.isArray(answer.cookies) && answer.cookies.length > 0)
    headers["set-cookie"] = answer.cookies.map(String);
  return headers;
}

/**
 * The function's payload as an HTTP answer, by the rules of payload format 2.0. `undefined` when it cannot be one
 * (status out of range): the sender gets 500.
 */
export function toReply(payload: string): Reply | undefined {
  const answer: unknown = JSON.parse(payload);
  if (!isObject(answer) || answer.statusCode === undefined || answer.statusCode === null) {
    return shortForm(payload, answer);
  }
  const status = Number(answer.statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 599) return undefined;
  const { body = "" } = answer;
  if (body !== null && isObject(body)) return undefined;
  const text = body === null ? "" : String(body);
  const headers = headersOf(answer);
  headers["content-type"] ??= "text/plain;charset=UTF-8";
  return { status, headers, body: Buffer.from(text, answer.isBase64Encoded === true ? "base64" : "utf8") };
}
