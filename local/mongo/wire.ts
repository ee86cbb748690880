import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { type Document, deserialize, serialize } from "bson";

/**
 * One command to a Mongo server on the loopback, over OP_MSG and without authentication: all that the host needs
 * (is it up, make the first user). The driver would keep 33 MB in the daemon for that, this 6.
 * Source: the MongoDB wire protocol, OP_MSG (opcode 2013), section kind 0.
 */
export async function runCommand(port: number, command: Document, timeoutMs = 5000): Promise<Document> {
  const socket = connect({ port, host: "127.0.0.1" });
  try {
    socket.write(encode({ ...command, $db: "admin" }));
    return await reply(socket, timeoutMs);
  } finally {
    socket.destroy();
  }
}

const OP_MSG = 2013;
/** Four int32 of the header, the flags, the kind of the one section. */
const BEFORE_BODY = 16 + 4 + 1;

function encode(document: Document): Buffer {
  const body = serialize(document);
  const head = Buffer.alloc(BEFORE_BODY);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(OP_MSG, 12);
  return Buffer.concat([head, body]);
}

function reply(socket: Socket, timeoutMs: number): Promise<Document> {
  return new Promise((resolve, reject) => {
    let got = Buffer.alloc(0);
    socket.setTimeout(timeoutMs, () => reject(new Error(`no reply within ${timeoutMs} ms`)));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the connection was closed before a reply came")));
    socket.on("data", (chunk: Buffer) => {
      got = Buffer.concat([got, chunk]);
      if (got.length < 4 || got.length < got.readInt32LE(0)) return;
      try {
        resolve(deserialize(got.subarray(BEFORE_BODY, got.readInt32LE(0))));
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** Whether a Mongo server answers on the port. */
export async function answers(port: number): Promise<boolean> {
  const hello = await runCommand(port, { hello: 1 }, 1000).catch(() => undefined);
  return hello?.ok === 1;
}

/** AuthenticationFailed: the server looked for the user and found none. */
const NO_SUCH_USER = 18;

/**
 * Answers why a server cannot read its data, or undefined when it can. It sends the first step of a login: the only command
 * that reads stored data without a login. Throws when the server does not answer.
 */
export async function readProblem(port: number, user: string): Promise<string | undefined> {
  const payload = Buffer.from(`n,,n=${user},r=${randomBytes(18).toString("base64")}`);
  const { ok, code, errmsg } = await runCommand(port, { saslStart: 1, mechanism: "SCRAM-SHA-256", payload });
  return ok === 1 || code === NO_SUCH_USER ? undefined : String(errmsg);
}

/** SecantusDB notices SIGTERM when its accept returns; a connection makes it return at once instead of in 2 s. */
export function nudge(port: number): void {
  const socket = connect({ port, host: "127.0.0.1" }, () => socket.destroy());
  socket.on("error", () => {});
}
