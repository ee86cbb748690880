import { createHash } from "node:crypto";
import * as http from "node:http";
import * as https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { sign } from "aws4";
import { connectionError, QueueError, refusal } from "./queue-error";
import { requiredVariable } from "./settings";

export interface QueueClientOptions {
  queueUrl: string;
  /** Where SQS is; the queue URL's own origin by default. */
  endpoint?: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  limits?: Partial<Limits>;
}

/** Milliseconds. */
interface Limits {
  /** Until TCP and TLS are up. At 256 MB a function has 1/7 of a CPU and its first TLS handshake can take 0.5 s. */
  connect: number;
  /** For everything: both attempts, all waiting. Slack, the strictest sender, gives 3 s, gateway included. */
  total: number;
}

const LIMITS: Limits = { connect: 1000, total: 2500 };
const ATTEMPTS = 2;

export interface QueueClient {
  /**
   * Resolves when SQS has the message. Throws QueueError. A retry after a lost answer may queue it twice:
   * both copies carry the same request id, so one document comes of them.
   */
  send(body: string): Promise<void>;
  close(): void;
}

/** The variables of a function's environment, as on AWS. Throws when one is missing. */
export function queueClientFromEnv(env: NodeJS.ProcessEnv = process.env): QueueClient {
  return createQueueClient({
    queueUrl: requiredVariable("NAMI_QUEUE_URL", env),
    endpoint: env.AWS_ENDPOINT_URL_SQS || env.AWS_ENDPOINT_URL,
    region: requiredVariable("AWS_REGION", env),
    credentials: {
      accessKeyId: requiredVariable("AWS_ACCESS_KEY_ID", env),
      secretAccessKey: requiredVariable("AWS_SECRET_ACCESS_KEY", env),
      sessionToken: env.AWS_SESSION_TOKEN || undefined,
    },
  });
}

/** SendMessage over a kept-alive connection: a tenth of the AWS SDK's CPU time and bundle. */
export function createQueueClient(options: QueueClientOptions): QueueClient {
  const endpoint = new URL(options.endpoint ?? new URL(options.queueUrl).origin);
  const transport = endpoint.protocol === "http:" ? http : https;
  const agent = new transport.Agent({ keepAlive: true });
  const limits = { ...LIMITS, ...options.limits };
  return {
    send: (body) => sendWithin(limits, body, (timeout) => post(options, endpoint, agent, body, timeout)),
    close: () => agent.destroy(),
  };
}

type Attempt = (limits: Limits) => Promise<Answer>;

/** One retry, while there is time for it. */
async function sendWithin(limits: Limits, body: string, attempt: Attempt): Promise<void> {
  const end = performance.now() + limits.total;
  for (let left = ATTEMPTS; ; left--) {
    const remaining = end - performance.now();
    try {
      accept(await attempt({ connect: Math.min(limits.connect, remaining), total: remaining }), body);
      return;
    } catch (error) {
      const failure = connectionError(error as Error);
      const pause = failure.status ? 50 + Math.random() * 100 : 0;
      if (!failure.retryable || left <= 1 || end - performance.now() <= pause + 50) throw failure;
      await sleep(pause);
    }
  }
}

interface Answer {
  status: number;
  body: string;
}

/** Throws QueueError unless SQS says that it has exactly these bytes. */
function accept(answer: Answer, body: string): void {
  if (answer.status !== 200) throw refusal(answer.status, answer.body);
  const digest = createHash("md5").update(body).digest("hex");
  if (!answer.body.includes(digest))
    throw new QueueError("MD5Mismatch", "SQS has other bytes than were sent", true, 200);
}

function post(
  options: QueueClientOptions,
  endpoint: URL,
  agent: http.Agent,
  message: string,
  limits: Limits,
): Promise<Answer> {
  const body = JSON.stringify({ QueueUrl: options.queueUrl, MessageBody: message });
  const { headers } = sign(
    {
      service: "sqs",
      region: options.region,
      method: "POST",
      path: "/",
      body,
      headers: {
        Host: endpoint.host,
        "Content-Type": "application/x-amz-json-1.0",
        "X-Amz-Target": "AmazonSQS.SendMessage",
      },
    },
    options.credentials,
  );
  const transport = endpoint.protocol === "http:" ? http : https;
  const request = transport.request(endpoint, {
    method: "POST",
    path: "/",
    agent,
    headers: headers as http.OutgoingHttpHeaders,
  });
  return answerOf(request, body, limits);
}

function answerOf(request: http.ClientRequest, body: string, limits: Limits): Promise<Answer> {
  const timers: NodeJS.Timeout[] = [];
  const abortAfter = (ms: number, what: string, retryable: boolean) => {
    const stop = () =>
      request.destroy(
        new QueueError("Timeout", `SQS did not ${what} within ${Math.round(ms)} ms`, retryable),
      );
    timers.push(setTimeout(stop, ms));
  };
  return new Promise<Answer>((resolve, reject) => {
    // No retry after this one: the time is used up.
    abortAfter(limits.total, "answer", false);
    request.on("socket", (socket) => {
      if (!socket.connecting) return;
      const connecting = timers.length;
      abortAfter(limits.connect, "accept a connection", true);
      socket.once("encrypted" in socket ? "secureConnect" : "connect", () =>
        clearTimeout(timers[connecting]),
      );
    });
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  }).finally(() => timers.forEach(clearTimeout));
}
