import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { sign } from "aws4";

export const credentials = { accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "token" };

export interface Received {
  headers: Record<string, string>;
  body: string;
  queueUrl: string;
  message: string;
}

export type Reply =
  | "ok"
  | "reset"
  | "silent"
  | "wrong md5"
  | { status: number; code: string; message?: string };

/** An SQS of a few lines: plays `replies` in order and then says ok; remembers what it received. */
export async function fakeSqs(...replies: Reply[]) {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer(async (request, response) => {
    received.push(await read(request));
    reply(replies.shift() ?? "ok", received.at(-1)!, request, response);
  });
  server.on("connection", (socket) => {
    connections++;
    sockets.add(socket);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>((done) => server.close(() => done()));
  };
  return { url, queueUrl: `${url}/000000000000/demo`, received, connections: () => connections, close };
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const { QueueUrl, MessageBody } = JSON.parse(body);
  return {
    headers: request.headers as Record<string, string>,
    body,
    queueUrl: QueueUrl,
    message: MessageBody,
  };
}

function reply(how: Reply, { message }: Received, request: IncomingMessage, response: ServerResponse): void {
  const md5 = (text: string) => createHash("md5").update(text).digest("hex");
  if (how === "silent") return;
  if (how === "reset") {
    request.socket.destroy();
    return;
  }
  if (typeof how === "object") {
    response.statusCode = how.status;
    response.end(JSON.stringify({ __type: `com.amazonaws.sqs#${how.code}`, message: how.message ?? "no" }));
    return;
  }
  const digest = md5(how === "ok" ? message : `${message} altered`);
  response.end(JSON.stringify({ MessageId: "m", MD5OfMessageBody: digest }));
}

/** The Authorization header AWS would compute for what was received. */
export function expectedSignature({ headers, body }: Received): string {
  const signed = /SignedHeaders=([^,]*)/.exec(headers.authorization!)![1]!.split(";");
  const kept = Object.fromEntries(signed.map((name) => [name, headers[name]!]));
  const request = { service: "sqs", region: "eu-west-1", method: "POST", path: "/", headers: kept, body };
  return String(sign(request, credentials).headers!.Authorization);
}
