import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Payload } from "./payloads";

export interface Answer {
  /** 0 when the connection was refused or broke: not acknowledged. */
  status: number;
  body: string;
  headers: Record<string, string | string[] | undefined>;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** One POST; never throws. */
export function post(
  url: string,
  body: Buffer | string,
  headers: Record<string, string> = {},
  method = "POST",
): Promise<Answer> {
  return new Promise((resolve) => {
    const broken = (error: Error) => resolve({ status: 0, body: error.message, headers: {} });
    const sent = request(
      url,
      { method, agent, headers: { "content-length": String(Buffer.byteLength(body)), ...headers } },
      (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", broken);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(parts).toString(),
            headers: response.headers,
          }),
        );
      },
    );
    sent.setTimeout(60_000, () => sent.destroy(new Error("no answer in 60 s")));
    sent.on("error", broken);
    sent.end(body);
  });
}

/** All payloads at once, as JSON, each with its id in the `webhook-id` header. */
export function postAll(url: string, payloads: Payload[]): Promise<Answer[]> {
  return Promise.all(
    payloads.map(({ id, body }) => post(url, body, { "content-type": "application/json", "webhook-id": id })),
  );
}

/** How often a sender tries again, one second apart. */
const TRIES = 60;

/**
 * Posts until each is answered something else than 503, as senders do: a busy machine says 503. Returns the last answer
 * of each, and how many posts were repeated: some of them may have been queued all the same.
 */
export async function postUntilTaken<T>(
  items: readonly T[],
  postOne: (item: T) => Promise<Answer>,
): Promise<{ answers: Answer[]; repeated: number }> {
  const answers = await Promise.all(items.map(postOne));
  let repeated = 0;
  for (let tries = 1; tries < TRIES; tries++) {
    const refused = items.flatMap((_, i) => (answers[i]!.status === 503 ? [i] : []));
    if (refused.length === 0) break;
    repeated += refused.length;
    await sleep(1000);
    await Promise.all(
      refused.map(async (i) => {
        answers[i] = await postOne(items[i]!);
      }),
    );
  }
  return { answers, repeated };
}

/** `postAll`, with what is answered 503 posted again. */
export function postAllUntilTaken(url: string, payloads: Payload[]) {
  return postUntilTaken(payloads, ({ id, body }) =>
    post(url, body, { "content-type": "application/json", "webhook-id": id }),
  );
}
