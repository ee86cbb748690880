import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";

export type HttpAnswer = APIGatewayProxyStructuredResultV2;

/** An HTTP API answer. Objects become JSON, buffers base64. */
export function answer(
  statusCode: number,
  body?: string | Buffer | object,
  headers: Record<string, string> = {},
): HttpAnswer {
  if (body === undefined) return { statusCode, headers };
  if (typeof body === "string")
    return { statusCode, headers: { "content-type": "text/plain", ...headers }, body };
  if (Buffer.isBuffer(body)) {
    const type = { "content-type": "application/octet-stream" };
    return {
      statusCode,
      headers: { ...type, ...headers },
      body: body.toString("base64"),
      isBase64Encoded: true,
    };
  }
  return {
    statusCode,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  };
}
