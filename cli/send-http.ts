import { request as plain } from "node:http";
import { request as secure } from "node:https";
import { text } from "node:stream/consumers";

export interface HttpRequest {
  method: string;
  headers: Record<string, string>;
  body?: Buffer | string;
  signal: AbortSignal;
  /** Milliseconds, for connecting and answering in all. */
  patience: number;
}

export interface HttpAnswer {
  status: number;
  /** The status is from 200 to 299. */
  ok: boolean;
  text: string;
}

/**
 * Sends one request to a gateway. It is not `fetch`, which refuses some eighty ports that a gateway may listen at
 * (https://fetch.spec.whatwg.org/#port-blocking). Redirects are not followed. Throws the error of the connection, an
 * AbortError, or after `patience` a TimeoutError.
 */
export async function sendHttp(
  url: string,
  { method, headers, body, signal, patience }: HttpRequest,
): Promise<HttpAnswer> {
  const timeout = AbortSignal.timeout(patience);
  const request = url.startsWith("https:") ? secure : plain;
  try {
    return await new Promise<HttpAnswer>((resolve, reject) => {
      const options = { method, headers, signal: AbortSignal.any([signal, timeout]) };
      const outgoing = request(url, options, (answer) => {
        const status = answer.statusCode!;
        const ok = status >= 200 && status < 300;
        text(answer).then((said) => resolve({ status, ok, text: said }), reject);
      });
      outgoing.on("error", reject).end(body);
    });
  } catch (error) {
    throw timeout.aborted && !signal.aborted ? timeout.reason : error;
  }
}

/** Why a request was not answered. An error of several addresses has no message of its own. */
export function faultOf(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return message || String(code);
}
