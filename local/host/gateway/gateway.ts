import { randomBytes } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { ApiSpec, Clock, Functions, Gateway, Logs, Metrics, RouteSpec, StageSpec } from "../services";
import { type AccessFacts, accessLine } from "./access-log";
import { ApiMetrics } from "./api-metrics";
import { BodyRoom } from "./body-room";
import { type Called, type Integration, integrate } from "./integration";
import { endAfter } from "./linger";
import { headerBytes, MAX_HEADERS } from "./read-body";
import { messageReply, type Reply, replies } from "./reply";
import { type RouteMatch, RouteTable } from "./routes";
import { createListener, listenOn, stopListening } from "./server";
import { Throttle } from "./throttle";

export interface GatewayOptions {
  functions: Functions;
  clock: Clock;
  logs: Logs;
  metrics: Metrics;
  /** Of all bodies held at the same time; default 64 MiB. */
  bodyBytes?: number;
}

interface Api {
  spec: ApiSpec;
  routes: RouteTable;
  metrics: ApiMetrics;
  stage?: { spec: StageSpec; throttle: Throttle };
}

/** HTTP APIs of API Gateway on one address: payload 2.0 in, the function's answer out. */
export function createGateway(options: GatewayOptions): Gateway {
  return new LocalGateway(options);
}

class LocalGateway implements Gateway {
  private readonly apis = new Map<string, Api>();
  /** Domain → API. */
  private readonly domains = new Map<string, string>();
  private readonly server: Server;
  private readonly room: BodyRoom;

  constructor(private readonly options: GatewayOptions) {
    this.room = new BodyRoom(options.bodyBytes);
    this.server = createListener((request, response) => this.handle(request, response));
  }

  putApi(spec: ApiSpec): void {
    const known = this.apis.get(spec.apiId);
    const made = { routes: new RouteTable(), metrics: new ApiMetrics(this.options.metrics, spec.apiId) };
    this.apis.set(spec.apiId, { ...made, ...known, spec });
  }

  removeApi(apiId: string): void {
    this.apis.delete(apiId);
  }

  /** A stage that stays as it was keeps its token buckets. */
  putStage(spec: StageSpec): void {
    const api = this.apis.get(spec.apiId);
    if (!api || JSON.stringify(api.stage?.spec) === JSON.stringify(spec)) return;
    api.stage = { spec, throttle: new Throttle(spec, this.options.clock) };
  }

  removeStage(apiId: string, name: string): void {
    const api = this.apis.get(apiId);
    if (api?.stage?.spec.name === name) api.stage = undefined;
  }

  putRoute(spec: RouteSpec): void {
    this.apis.get(spec.apiId)?.routes.put(spec);
  }

  removeRoute(apiId: string, routeId: string): void {
    this.apis.get(apiId)?.routes.remove(routeId);
  }

  putDomain(domain: string, apiId: string): void {
    this.domains.set(domain, apiId);
  }

  removeDomain(domain: string): void {
    this.domains.delete(domain);
  }

  listen(address: string): Promise<string> {
    return listenOn(this.server, address);
  }

  close(): Promise<void> {
    return stopListening(this.server);
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomBytes(11).toString("base64");
    const startedAt = this.options.clock.now();
    const found = this.find(request);
    const called = await this.answer(request, found, { requestId, startedAt }).catch(
      (): Called => ({
        reply: replies.internalError(),
        error: "Internal Server Error",
      }),
    );
    if (called === "aborted") return;
    send(request, response, called.reply, requestId);
    // What no route took is put down to the first API: on AWS it would have had an address of its own.
    const api = found?.api ?? this.apis.values().next().value;
    if (!api) return;
    const now = this.options.clock.now();
    api.metrics.answered(called.reply.status, now - startedAt);
    this.writeAccessLog(request, api, { requestId, startedAt, now, ...called }, found?.match);
  }

  private async answer(
    request: IncomingMessage,
    found: { api: Api; match: RouteMatch } | undefined,
    facts: { requestId: string; startedAt: number },
  ): Promise<Called | "aborted"> {
    if (headerBytes(request) > MAX_HEADERS)
      return { reply: messageReply(431, "Request Header Fields Too Large") };
    if (!found) return { reply: replies.notFound() };
    const { api, match } = found;
    if (!api.stage!.throttle.allows(match.route.routeKey)) return { reply: replies.tooManyRequests() };
    const integration: Integration = {
      functions: this.options.functions,
      room: this.room,
      facts: {
        apiId: api.spec.apiId,
        region: api.spec.region,
        stage: api.stage!.spec.name,
        requestId: facts.requestId,
        now: facts.startedAt,
        match,
      },
    };
    return integrate(request, integration);
  }

  /** All APIs share the address: the one named by the host header first, then whichever has the route. */
  private find(request: IncomingMessage): { api: Api; match: RouteMatch } | undefined {
    const path = request.url!.split("?")[0]!;
    const host = (request.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
    const named = this.apis.get(this.domains.get(host) ?? host.split(".")[0]!);
    let fallback: { api: Api; match: RouteMatch } | undefined;
    for (const api of named ? [named] : this.apis.values()) {
      const match = api.stage && api.routes.match(request.method!, path);
      if (!match) continue;
      if (match.route.routeKey !== "$default") return { api, match };
      fallback ??= { api, match };
    }
    return fallback;
  }

  private writeAccessLog(
    request: IncomingMessage,
    api: Api,
    facts: Pick<AccessFacts, "requestId" | "startedAt" | "now" | "integrationMs" | "error"> & {
      reply: Reply;
    },
    match: RouteMatch | undefined,
  ): void {
    const log = api.stage?.spec.accessLog;
    if (!log) return;
    const { reply, ...times } = facts;
    const line = accessLine(log.format, request, {
      apiId: api.spec.apiId,
      routeKey: match?.route.routeKey ?? "-",
      stage: api.stage!.spec.name,
      status: reply.status,
      responseLength: reply.body.length,
      ...times,
    });
    this.options.logs.write(log.group, api.spec.apiId, line);
  }
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply, requestId: string): void {
  if (response.destroyed) return;
  if (!request.complete) response.setHeader("connection", "close");
  const own = { "content-length": reply.body.length, "apigw-requestid": requestId };
  try {
    response.writeHead(reply.status, { ...reply.headers, ...own });
  } catch {
    // A header the function gave cannot stand in HTTP.
    const error = replies.internalError();
    response.writeHead(error.status, {
      ...error.headers,
      "content-length": error.body.length,
      "apigw-requestid": requestId,
    });
    endAfter(request, response, error.body);
    return;
  }
  endAfter(request, response, reply.body);
}
