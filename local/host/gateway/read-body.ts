import type { IncomingMessage } from "node:http";
import type { BodyRoom } from "./body-room";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
export const MAX_BODY = 10 * 1024 * 1024;
export const MAX_HEADERS = 10_240;

/** "too-large" and "no-room" as soon as it is known; "aborted" when the sender went away. */
export type BodyResult = Buffer | "too-large" | "no-room" | "aborted";

/** Reads at most MAX_BODY bytes. What comes after that is thrown away unread. A Buffer's room is the caller's to give back. */
export function readBody(request: IncomingMessage, room: BodyRoom): Promise<BodyResult> {
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY) {
    request.resume();
    return Promise.resolve("too-large");
  }
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let size = 0;
    let ended = false;
    const end = (result: BodyResult) => {
      if (ended) return;
      ended = true;
      if (typeof result === "string") room.giveBack(size);
      chunks = [];
      resolve(result);
    };
    request.on("data", (chunk: Buffer) => {
      if (ended) return;
      if (size + chunk.length > MAX_BODY) end("too-large");
      else if (!room.take(chunk.length)) end("no-room");
      else {
        size += chunk.length;
        chunks.push(chunk);
      }
    });
    request.on("end", () => end(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.on("error", () => end("aborted"));
    request.on("close", () => end("aborted"));
  });
}

/** Request line and header lines, bytes as they were sent. */
export function headerBytes(request: IncomingMessage): number {
  const line = `${request.method} ${request.url} HTTP/${request.httpVersion}\r\n`.length;
  return request.rawHeaders.reduce((sum, text) => sum + text.length + 2, line);
}
