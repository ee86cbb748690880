import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createNetServer, type Socket } from "node:net";
import { localError } from "../../errors";
import { MAX_HEADERS } from "./read-body";

/** How long whatever a peer does may take, ms. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
const KEEP_ALIVE_MS = 75_000;
/** A peer that takes no answer for so long is gone. Longer than any integration. */
const INACTIVE_MS = 60_000;

/** An HTTP server that slow, broken and vanished clients cannot wear down. */
export function createListener(
  handler: (request: IncomingMessage, response: ServerResponse) => unknown,
): Server {
  const server = createServer(
    {
      // A little over AWS's limit, so that we can count exactly; far over it, Node stops reading.
      maxHeaderSize: MAX_HEADERS * 2,
      headersTimeout: HEADERS_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: 5_000,
      noDelay: true,
      // Half-open connections are found out by the kernel.
      keepAlive: true,
      keepAliveInitialDelay: 30_000,
    },
    (request, response) => {
      request.on("error", () => {});
      response.on("error", () => {});
      void handler(request, response);
    },
  );
  // A client may close its half after the request: the answer is still its. Node's own, without a type or a page.
  (server as unknown as { httpAllowHalfOpen: boolean }).httpAllowHalfOpen = true;
  server.setTimeout(INACTIVE_MS, (socket: Socket) => socket.destroy());
  server.on("clientError", answerClientError);
  return server;
}

function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const [status, message] =
    error.code === "HPE_HEADER_OVERFLOW"
      ? ["431 Request Header Fields Too Large", "Request Header Fields Too Large"]
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? ["408 Request Timeout", "Request Timeout"]
        : ["400 Bad Request", "Bad Request"];
  const body = JSON.stringify({ message });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** `address` is HOST:PORT; port 0 takes a free one. Throws localError PORT_TAKEN. */
export async function listenOn(server: Server, address: string): Promise<string> {
  const colon = address.lastIndexOf(":");
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  const port = Number(address.slice(colon + 1));
  await new Promise<void>((resolve, reject) => {
    const failed = async (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") return reject(error);
      reject(localError("PORT_TAKEN", { address, free: await freePort(host) }, error));
    };
    server.once("error", failed);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off("error", failed);
      resolve();
    });
  });
  const bound = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${bound.port}`;
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve) => {
    const probe = createNetServer();
    probe.on("error", () => resolve(0));
    probe.listen(0, host, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Answers under way get two seconds; then every connection is cut. */
export async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), 2_000);
  await closed;
  clearTimeout(timer);
}
