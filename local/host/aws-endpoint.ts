import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { localError } from "../errors";
import { type AwsHandler, type AwsReply, type ErrorFormat, jsonError } from "./aws-call";
import { AwsError } from "./aws-error";
import type { Iam } from "./services";

export interface AwsEndpointOptions {
  iam: Iam;
  /** Told of every error that is not AWS's: those are bugs. */
  onError: (error: unknown, request: string) => void;
}

/** Largest body taken: Lambda takes 6 MB, the gateway 10 MB that may become one S3 object. Bytes. */
const MAX_BODY = 32 * 1024 * 1024;
/** How long `close` lets answers go out. Milliseconds. */
const GRACE = 2_000;

interface Service {
  handler: AwsHandler;
  errorFormat: ErrorFormat;
}

/** The AWS of this machine: one HTTP server on 127.0.0.1 for every service, told apart by the signature. */
export class AwsEndpoint {
  private readonly services = new Map<string, Service>();
  private stopping = false;
  /** One a connection, not a request: requests on a connection come one after another. */
  private readonly connections = new Map<Socket, AbortController>();
  private readonly server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
    void this.answer(request, response);
  });

  constructor(private readonly options: AwsEndpointOptions) {}

  /** `service` is the name in the signature's scope. Without `errorFormat`, errors are AWS's JSON. */
  handle(service: string, handler: AwsHandler, errorFormat: ErrorFormat = jsonError): void {
    this.services.set(service, { handler, errorFormat });
  }

  /** Port 0: any. Answers http://127.0.0.1:PORT. Throws localError AWS_PORT_TAKEN. */
  listen(port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.server.once("error", (error: NodeJS.ErrnoException) => {
        const taken = error.code === "EADDRINUSE";
        reject(taken ? localError("AWS_PORT_TAKEN", { address: `127.0.0.1:${port}`, port }, error) : error);
      });
      this.server.listen(port, "127.0.0.1", () => {
        resolve(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}`);
      });
    });
  }

  /** Ends long polls, lets answers go out, and closes every connection. */
  close(): Promise<void> {
    this.stopping = true;
    for (const controller of this.connections.values()) controller.abort();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.server.closeAllConnections(), GRACE);
      this.server.close(() => {
        clearTimeout(timer);
        resolve();
      });
      this.server.closeIdleConnections();
    });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const reply = await this.reply(request, response, requestId);
    if (response.destroyed) return;
    const { status, headers, body } = reply;
    response.writeHead(status, {
      ...headers,
      "content-length": String(headers?.["content-length"] ?? Buffer.byteLength(body)),
      "x-amzn-requestid": requestId,
      ...(this.stopping && { connection: "close" }),
    });
    response.end(body);
  }

  private async reply(
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<AwsReply> {
    const format = this.services.get(claimedService(request))?.errorFormat ?? jsonError;
    try {
      return await this.call(request, response);
    } catch (error) {
      if (error instanceof AwsError) return format(error, requestId);
      this.options.onError(error, `${request.method} ${request.headers["x-amz-target"] ?? request.url}`);
      return format(new AwsError("InternalFailure", "The host failed; its log says why.", 500), requestId);
    }
  }

  private async call(request: IncomingMessage, response: ServerResponse): Promise<AwsReply> {
    const { method = "GET", url = "/" } = request;
    const headers = request.headers as Record<string, string | undefined>;
    const body = await readBody(request, response);
    const { identity, service, region } = this.options.iam.authenticate({ method, url, headers, body });
    const known = this.services.get(service);
    if (!known) throw new AwsError("UnknownService", `The local target has no service ${service}.`, 404);
    const signal = this.signalOf(request.socket);
    return known.handler({ service, region, identity, method, url, headers, body, signal });
  }

  private signalOf(socket: Socket): AbortSignal {
    const known = this.connections.get(socket);
    if (known) return known.signal;
    const controller = new AbortController();
    this.connections.set(socket, controller);
    socket.once("close", () => {
      this.connections.delete(socket);
      controller.abort();
    });
    if (this.stopping) controller.abort();
    return controller.signal;
  }
}

/** Which service's error format to use for a request that is not authenticated yet. */
function claimedService(request: IncomingMessage): string {
  return /Credential=[^,/]+\/[^,/]+\/[^,/]+\/([^,/]+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "";
}

/** Throws RequestEntityTooLarge, after which the connection is closed: the rest is not read. */
async function readBody(request: IncomingMessage, response: ServerResponse): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY) {
      response.setHeader("connection", "close");
      throw new AwsError("RequestEntityTooLarge", `The limit of a request is ${MAX_BODY} bytes.`, 413);
    }
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

export function createAwsEndpoint(options: AwsEndpointOptions): AwsEndpoint {
  return new AwsEndpoint(options);
}
