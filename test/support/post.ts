import { Agent, request } from "node:http";
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
