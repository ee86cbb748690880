import type { IncomingMessage } from "node:http";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
export const MAX_BODY = 10 * 1024 * 1024;
export const MAX_HEADERS = 10_240;

/** "too-large" as soon as it is known; "aborted" when the sender went away. */
export type BodyResult = Buffer | "too-large" | "aborted";

/** Reads at most MAX_BODY bytes. What comes after that is thrown away unread. */
export function readBody(request: IncomingMessage): Promise<BodyResult> {
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY) {
    request.resume();
    return Promise.resolve("too-large");
  }
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk);
      else {
        chunks.length = 0;
        resolve("too-large");
      }
    });
    request.on("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.on("error", () => resolve("aborted"));
    request.on("close", () => resolve("aborted"));
  });
}

/** Request line and header lines, bytes as they were sent. */
export function headerBytes(request: IncomingMessage): number {
  const line = `${request.method} ${request.url} HTTP/${request.httpVersion}\r\n`.length;
  return request.rawHeaders.reduce((sum, text) => sum + text.length + 2, line);
}
