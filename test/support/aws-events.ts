import type { APIGatewayProxyEventV2, SQSEvent, SQSRecord } from "aws-lambda";

interface HttpParts {
  method?: string;
  path?: string;
  query?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  requestId?: string;
  time?: number;
}

/** An HTTP API event of payload 2.0; a buffer arrives base64, a string as it is. */
export function httpEvent(parts: HttpParts = {}): APIGatewayProxyEventV2 {
  const { method = "POST", path = "/demo", query = "", headers = {}, body, requestId = "request-1" } = parts;
  return {
    version: "2.0",
    routeKey: "ANY /demo",
    rawPath: path,
    rawQueryString: query,
    headers,
    requestContext: {
      accountId: "000000000000",
      apiId: "api",
      domainName: "example.com",
      domainPrefix: "example",
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "203.0.113.7", userAgent: "test" },
      requestId,
      routeKey: "ANY /demo",
      stage: "$default",
      time: "",
      timeEpoch: parts.time ?? 1_700_000_000_000,
    },
    body: Buffer.isBuffer(body) ? body.toString("base64") : body,
    isBase64Encoded: Buffer.isBuffer(body),
  };
}

/** An SQS batch; message ids are m0, m1, … */
export function sqsEvent(bodies: string[], receives = 1): SQSEvent {
  return { Records: bodies.map((body, i) => sqsRecord(`m${i}`, body, receives)) };
}

function sqsRecord(messageId: string, body: string, receives: number): SQSRecord {
  return {
    messageId,
    receiptHandle: `handle-${messageId}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: "1700000000000",
      SenderId: "sender",
      ApproximateFirstReceiveTimestamp: "1700000000000",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:demo",
    awsRegion: "us-east-1",
  };
}
