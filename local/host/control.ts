import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { CodedError } from "../../runtime/coded-error";
import { writeDurably } from "../durable";
import type { CreateRequest, HostStatus, ResourceRecord, ResourceRequest, UpdateRequest } from "../protocol";
import { AwsError } from "./aws-error";
import type { ResourceManager } from "./resource-manager";

/** Function code travels as base64 in a request: 50 MB of zip, AWS's own limit, and the rest. */
const MAX_BODY = 80 * 1024 * 1024;
const TOKEN_BYTES = 32;

export interface ControlOptions {
  token: string;
  resources: ResourceManager;
  status(): HostStatus;
  /** Called once the answer to /stop is out. */
  stop(): void;
  onError(error: unknown, request: string): void;
}

/** The token of NAMI_HOME, made at the first start; kept, so that a restart does not lock a running `up` out. */
export function controlToken(file: string): string {
  try {
    const token = readFileSync(file, "utf8").trim();
    if (token.length >= TOKEN_BYTES) return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const made = randomBytes(TOKEN_BYTES).toString("hex");
  writeDurably(file, `${made}\n`);
  return made;
}

function allowed(request: IncomingMessage, token: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY)
      throw new AwsError("RequestEntityTooLarge", `A request is at most ${MAX_BODY} bytes.`, 413);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString();
  return text === "" ? {} : JSON.parse(text);
}

async function read(resources: ResourceManager, request: ResourceRequest): Promise<unknown> {
  const record = await resources.read(request);
  if (record) return record;
  throw new AwsError("ResourceNotFoundException", `The host has no ${request.type} "${request.id}".`, 404);
}

async function answer(options: ControlOptions, request: IncomingMessage): Promise<unknown> {
  const { resources } = options;
  const path = `${request.method} ${request.url}`;
  if (path === "GET /status") return options.status();
  if (path === "POST /stop") return {};
  const body = await readJson(request);
  switch (path) {
    case "POST /resources/create":
      return resources.create(body as CreateRequest);
    case "POST /resources/update":
      return resources.update(body as UpdateRequest);
    case "POST /resources/adopt":
      await resources.adopt(body as ResourceRecord);
      return {};
    case "POST /resources/list":
      return resources.list((body as { type: string }).type);
    case "POST /resources/read":
      return read(resources, body as ResourceRequest);
    case "POST /resources/delete":
      return resources.remove(body as ResourceRequest);
    case "POST /resources/state":
      return resources.state(body as ResourceRequest);
    default:
      throw new AwsError("UnknownOperation", `The host has no ${path}.`, 404);
  }
}

function refusal(error: unknown): { status: number; code: string; message: string } {
  if (error instanceof AwsError)
    return { status: error.httpStatus, code: error.code, message: error.message };
  if (error instanceof CodedError) {
    return { status: 500, code: error.code, message: `${error.message} (${error.hint})` };
  }
  return {
    status: 500,
    code: "InternalFailure",
    message: error instanceof Error ? error.message : String(error),
  };
}

async function serve(
  options: ControlOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = (status: number, body: unknown) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(JSON.stringify(body));
  };
  if (!allowed(request, options.token))
    return reply(401, { code: "AccessDenied", message: "The token is wrong." });
  try {
    const body = await answer(options, request);
    if (request.url === "/stop") {
      // A connection that the client keeps would keep the host for five seconds, too.
      response.setHeader("connection", "close");
      response.once("finish", () => options.stop());
    }
    reply(200, body);
  } catch (error) {
    const { status, code, message } = refusal(error);
    if (status >= 500) options.onError(error, `${request.method} ${request.url}`);
    reply(status, { code, message });
  }
}

/** The endpoint the CLI and the provider talk to, on 127.0.0.1, guarded by the token. */
export async function startControl(
  options: ControlOptions,
): Promise<{ url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => void serve(options, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
