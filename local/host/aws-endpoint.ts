import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { localError } from "../errors";
import { type AwsHandler, type AwsReply, type ErrorFormat, jsonError } from "./aws-call";
import { AwsError } from "./aws-error";
import { RequestBodies } from "./request-bodies";
import type { Iam } from "./services";

export interface AwsEndpointOptions {
  iam: Iam;
  /** Told of every error that is not AWS's: those are bugs. */
  onError: (error: unknown, request: string) => void;
}

/** How long `close` lets answers go out. Milliseconds. */
const GRACE = 2_000;

interface Service {
  handler: AwsHandler;
  errorFormat: ErrorFormat;
}

/** The AWS of this machine: one HTTP server on 127.0.0.1 for every service, told apart by the signature. */
export class AwsEndpoint {
  private readonly services = new Map<string, Service>();
  private readonly bodies = new RequestBodies();
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
    const reply = await this.reply(request, requestId);
    if (response.destroyed) return;
    // Of what is refused, the rest of the body is not waited for.
    const unread = !request.complete;
    const { status, headers, body } = reply;
    response.writeHead(status, {
      ...headers,
      "content-length": String(headers?.["content-length"] ?? Buffer.byteLength(body)),
      "x-amzn-requestid": requestId,
      ...((this.stopping || unread) && { connection: "close" }),
    });
    response.end(body);
  }

  private async reply(request: IncomingMessage, requestId: string): Promise<AwsReply> {
    const format = this.services.get(claimedService(request))?.errorFormat ?? jsonError;
    try {
      return await this.call(request);
    } catch (error) {
      if (error instanceof AwsError) return format(error, requestId);
      this.options.onError(error, `${request.method} ${request.headers["x-amz-target"] ?? request.url}`);
      return format(new AwsError("InternalFailure", "The host failed; its log says why.", 500), requestId);
    }
  }

  private async call(request: IncomingMessage): Promise<AwsReply> {
    const { method = "GET", url = "/" } = request;
    const headers = request.headers as Record<string, string | undefined>;
    const admission = this.options.iam.admit({ method, url, headers });
    const body = await this.bodies.read(request, admission.proven);
    const { identity, service, region } = admission.finish(body);
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

export function createAwsEndpoint(options: AwsEndpointOptions): AwsEndpoint {
  return new AwsEndpoint(options);
}
