import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { fieldsOf } from "./field";
import { formFields } from "./form";

/** What a request says beside its body. */
export interface RequestFacts {
  method: string;
  path: string;
  /** Repeated parameters are arrays. */
  query: Record<string, string | string[]>;
  /** Lower-cased names; repeated headers joined by commas, as payload 2.0 has them. */
  headers: Record<string, string>;
  sourceIp: string;
}

/** A request as it came in: nothing checked, nothing left out, secrets in its headers. */
export interface IncomingRequest extends RequestFacts {
  /** Delivery id: the sender's once the request is verified, before that the gateway's request id. */
  id: string;
  /** As an earlier version of Nami would have named it; absent where it is the same. */
  formerId?: string;
  /** The gateway's id of this one request: the same on every redelivery by the queue, another on a sender's retry. */
  requestId: string;
  /** The query as it came, without its question mark: some schemes sign it. */
  rawQuery: string;
  contentType: string | null;
  /** The exact bytes of the body. */
  raw: Buffer;
  receivedAt: Date;
}

/**
 * HTTP API payload 2.0 → request.
 * @param now milliseconds since the epoch, for a gateway that does not say when it received the request
 */
export function incomingRequest(event: APIGatewayProxyEventV2, now: number): IncomingRequest {
  const { http, requestId, timeEpoch } = event.requestContext;
  const headers = headersOf(event.headers);
  return {
    id: requestId,
    requestId,
    method: http.method.toUpperCase(),
    path: event.rawPath,
    query: queryOf(event.rawQueryString),
    rawQuery: event.rawQueryString ?? "",
    headers,
    sourceIp: http.sourceIp,
    contentType: headers["content-type"] ?? null,
    raw: Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8"),
    receivedAt: new Date(timeEpoch > 0 ? timeEpoch : now),
  };
}

function headersOf(headers: APIGatewayProxyEventV2["headers"]): Record<string, string> {
  const present = Object.entries(headers ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return fieldsOf(present.map(([name, value]) => [name.toLowerCase(), value]));
}

function queryOf(text: string | undefined): Record<string, string | string[]> {
  return fieldsOf(formFields([...new URLSearchParams(text ?? "")]));
}
