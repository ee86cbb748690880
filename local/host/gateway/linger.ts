import type { IncomingMessage, ServerResponse } from "node:http";

/** Milliseconds. A sender on a slow line gets so much of its body thrown away, and then its connection is cut. */
const LINGER = 5_000;

/**
 * Sends the body of an answer, and ends when the request has come to its end. What is still to come of it is read and
 * thrown away: a connection that is closed with bytes unread is reset, and the sender never sees the answer.
 */
export function endAfter(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  if (request.complete) {
    response.end(body);
    return;
  }
  request.resume();
  response.write(body);
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER);
  request.once("end", end);
  request.once("close", end);
}
