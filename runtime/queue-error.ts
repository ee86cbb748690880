import { AwsTimeout } from "./aws-client";

/** Why a message is not in the queue: AWS's code and message, or the network's. */
export class QueueError extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** Whether the same request may work at once: a broken connection, a fault of the service, throttling. */
    readonly retryable: boolean,
    readonly status?: number,
  ) {
    super(`${code}: ${message}`);
    this.name = "QueueError";
  }
}

const THROTTLES = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/i;

/** SQS's JSON 1.0 errors: `{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"…"}`. */
export function refusal(status: number, body: string): QueueError {
  const { type, text } = parse(body);
  const code = type ?? `HTTP ${status}`;
  return new QueueError(
    code,
    text ?? "SQS gave no reason",
    status >= 500 || status === 429 || THROTTLES.test(code),
    status,
  );
}

function parse(body: string): { type?: string; text?: string } {
  try {
    const answer = JSON.parse(body) as { __type?: string; message?: string; Message?: string };
    return { type: answer.__type?.split("#").pop(), text: answer.message ?? answer.Message };
  } catch {
    return {};
  }
}

/** A fault of the connection, e.g. ECONNRESET of a kept-alive socket that the service closed meanwhile. */
export function connectionError(error: NodeJS.ErrnoException): QueueError {
  if (error instanceof QueueError) return error;
  const again = error instanceof AwsTimeout ? error.again : true;
  return new QueueError(error.code ?? error.name, error.message, again);
}
