import { encodeMessage, type MessageFacts } from "../../runtime/message";

export const LIMIT = 1_048_576;

/** The facts of a message, as the pre-queue Lambda would write them. */
export function messageFacts(overrides: Partial<MessageFacts> = {}): MessageFacts {
  return {
    id: "d1",
    requestId: "request-1",
    name: "demo",
    receivedAt: "2026-11-22T10:00:00.000Z",
    request: { method: "POST", path: "/demo", query: {}, headers: {}, sourceIp: "203.0.113.7" },
    contentType: "application/json",
    verified: { scheme: "none", keyIndex: null },
    ...overrides,
  };
}

export function message(overrides: Partial<MessageFacts> = {}, raw: string | Buffer = '{"a":1}'): string {
  return encodeMessage(messageFacts(overrides), Buffer.from(raw as string), LIMIT);
}
