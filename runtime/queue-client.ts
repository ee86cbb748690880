import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type AwsAnswer,
  type AwsCredentials,
  createAwsClient,
  credentialsFromEnv,
  type Limits,
} from "./aws-client";
import { connectionError, QueueError, refusal } from "./queue-error";
import { requiredVariable } from "./settings";

export interface QueueClientOptions {
  queueUrl: string;
  /** Where SQS is; the queue URL's own origin by default. */
  endpoint?: string;
  region: string;
  credentials: AwsCredentials;
  limits?: Partial<Limits>;
}

/**
 * At 256 MB a function has 1/7 of a CPU and its first TLS handshake can take 0.5 s. In all, both attempts and all
 * waiting: Slack, the strictest sender, gives 3 s, gateway included.
 */
const LIMITS: Limits = { connect: 1000, total: 2500 };
const ATTEMPTS = 2;

export interface QueueClient {
  /**
   * Resolves when SQS has the message. Throws QueueError. A retry after a lost answer may queue it twice:
   * both copies carry the same request id, so one document comes of them.
   * @param until by performance.now(), for a message that has to be in with others; else LIMITS.total from now
   */
  send(body: string, until?: number): Promise<void>;
  close(): void;
}

/** The variables of a function's environment, as on AWS. Throws when one is missing. */
export function queueClientFromEnv(env: NodeJS.ProcessEnv = process.env): QueueClient {
  return createQueueClient({
    queueUrl: requiredVariable("NAMI_QUEUE_URL", env),
    endpoint: env.AWS_ENDPOINT_URL_SQS || env.AWS_ENDPOINT_URL,
    region: requiredVariable("AWS_REGION", env),
    credentials: credentialsFromEnv(env),
  });
}

/** SendMessage over a kept-alive connection. */
export function createQueueClient({
  queueUrl,
  region,
  credentials,
  ...more
}: QueueClientOptions): QueueClient {
  const endpoint = new URL(more.endpoint ?? new URL(queueUrl).origin);
  const client = createAwsClient({ service: "sqs", region, endpoint, credentials });
  const limits = { ...LIMITS, ...more.limits };
  const headers = { "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "AmazonSQS.SendMessage" };
  const post = (message: string, within: Limits) => {
    const body = JSON.stringify({ QueueUrl: queueUrl, MessageBody: message });
    return client.send({ method: "POST", path: "/", headers, body }, within);
  };
  return {
    send: (message, until = Number.POSITIVE_INFINITY) => {
      const end = Math.min(until, performance.now() + limits.total);
      return sendWithin({ ...limits, end }, message, (within) => post(message, within));
    },
    close: () => client.close(),
  };
}

type Attempt = (limits: Limits) => Promise<AwsAnswer>;

/** One retry, while there is time for it. */
async function sendWithin(
  { connect, end }: Pick<Limits, "connect"> & { end: number },
  body: string,
  attempt: Attempt,
): Promise<void> {
  for (let left = ATTEMPTS; ; left--) {
    const remaining = Math.max(1, end - performance.now());
    try {
      accept(await attempt({ connect: Math.min(connect, remaining), total: remaining }), body);
      return;
    } catch (error) {
      const failure = connectionError(error as Error);
      const pause = failure.status ? 50 + Math.random() * 100 : 0;
      if (!failure.retryable || left <= 1 || end - performance.now() <= pause + 50) throw failure;
      await sleep(pause);
    }
  }
}

/** Throws QueueError unless SQS says that it has exactly these bytes. */
function accept(answer: AwsAnswer, body: string): void {
  if (answer.status !== 200) throw refusal(answer.status, answer.body);
  const digest = createHash("md5").update(body).digest("hex");
  if (!answer.body.includes(digest))
    throw new QueueError("MD5Mismatch", "SQS has other bytes than were sent", true, 200);
}
