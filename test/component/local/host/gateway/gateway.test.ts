import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { Agent, request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { AwsError } from "../../../../../local/host/aws-error";
import { createGateway } from "../../../../../local/host/gateway";
import { createMetrics } from "../../../../../local/host/metrics";
import type {
  Functions,
  Gateway,
  InvokeResult,
  Metrics,
  StageSpec,
} from "../../../../../local/host/services";
import type { CodedError } from "../../../../../runtime/coded-error";
import { MemoryLogs, MovableClock } from "../../../../support/functions";

type Event = APIGatewayProxyEventV2;

/** Answers with what a test says; remembers what it was asked. */
class FakeFunctions {
  events: Event[] = [];
  asked: string[] = [];
  answer: (event: Event) => Promise<InvokeResult> | InvokeResult = () => ({
    payload: '{"statusCode":200,"body":"ok"}',
  });
  async invoke(_name: string, payload: string): Promise<InvokeResult> {
    const event = JSON.parse(payload);
    this.events.push(event);
    return this.answer(event);
  }
  authorizeInvoke(name: string, service: string, arn: string): void {
    this.asked.push(`${name} ${service} ${arn}`);
    if (name === "forbidden") throw new AwsError("AccessDeniedException", "no", 403);
  }
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

describe("the gateway", () => {
  let functions: FakeFunctions;
  let gateway: Gateway;
  let url: string;
  let logs: MemoryLogs;
  let clock: MovableClock;
  let metrics: Metrics;
  const stage: StageSpec = { apiId: "abc123", name: "$default" };
  const route = (routeKey: string, functionName = "orders", timeoutMs = 30_000) =>
    gateway.putRoute({ routeId: routeKey, apiId: "abc123", routeKey, functionName, timeoutMs });

  const send = (
    path: string,
    options: { method?: string; headers?: OutgoingHttpHeaders | string[]; body?: string | Buffer } = {},
  ) =>
    new Promise<Answer>((resolve, reject) => {
      const { method = "POST", headers = {}, body } = options;
      const request = httpRequest(
        url + path,
        { method, headers, agent: new Agent({ keepAlive: false }) },
        (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk) => chunks.push(chunk));
          response.on("end", () => {
            resolve({
              status: response.statusCode!,
              headers: response.headers,
              body: Buffer.concat(chunks).toString(),
            });
          });
        },
      );
      request.on("error", reject);
      request.end(body);
    });

  beforeEach(async () => {
    functions = new FakeFunctions();
    logs = new MemoryLogs();
    clock = new MovableClock();
    metrics = createMetrics(clock);
    gateway = createGateway({ functions: functions as unknown as Functions, clock, logs, metrics });
    gateway.putApi({ apiId: "abc123", region: "us-east-1" });
    gateway.putStage(stage);
    route("ANY /orders");
    url = await gateway.listen("127.0.0.1:0");
  });
  afterEach(() => gateway.close());

  it("translates a request to payload 2.0", async () => {
    const headers = [
      ...["Host", "hooks.example.com:8443", "X-Event", "a", "x-event", "b", "Cookie", "c1=1; c2=2"],
      ...[
        "Content-Type",
        "application/json; charset=utf-8",
        "User-Agent",
        "tester",
        "X-Forwarded-For",
        "203.0.113.7",
      ],
    ];
    const answer = await send("/orders?a=1&b=x%20y&a=2&e=", { headers, body: '{"ü":1}' });
    const [event] = functions.events as [Event];
    const { requestId } = event.requestContext;
    match(requestId, /^[A-Za-z0-9+/]{15}=$/);
    strictEqual(answer.headers["apigw-requestid"], requestId);
    strictEqual(event.headers["x-event"], "a,b");
    strictEqual(event.headers["x-forwarded-for"], "203.0.113.7, 127.0.0.1");
    strictEqual(event.headers.cookie, undefined);
    const { headers: _, ...rest } = event;
    deepStrictEqual(rest, {
      version: "2.0",
      routeKey: "ANY /orders",
      rawPath: "/orders",
      rawQueryString: "a=1&b=x%20y&a=2&e=",
      cookies: ["c1=1", "c2=2"],
      queryStringParameters: { a: "1,2", b: "x y", e: "" },
      requestContext: {
        accountId: "000000000000",
        apiId: "abc123",
        domainName: "hooks.example.com",
        domainPrefix: "hooks",
        http: {
          method: "POST",
          path: "/orders",
          protocol: "HTTP/1.1",
          sourceIp: "127.0.0.1",
          userAgent: "tester",
        },
        requestId,
        routeKey: "ANY /orders",
        stage: "$default",
        time: "31/Jan/2026:00:00:00 +0000",
        timeEpoch: clock.time,
      },
      body: '{"ü":1}',
      isBase64Encoded: false,
    });
  });

  it("leaves absent fields out of the event", async () => {
    await send("/orders", { method: "GET" });
    const [event] = functions.events as [Event];
    for (const name of ["body", "cookies", "queryStringParameters", "pathParameters"])
      ok(!(name in event), name);
    strictEqual(event.isBase64Encoded, false);
    strictEqual(event.rawQueryString, "");
  });

  const encodings: [contentType: string | undefined, base64: boolean][] = [
    ["application/json", false],
    ["application/json; charset=utf-8", false],
    ["Application/XML", false],
    ["application/javascript", false],
    ["text/plain", false],
    ["text/x-anything", false],
    ["application/x-www-form-urlencoded", true],
    ["application/vnd.api+json", true],
    ["application/octet-stream", true],
    ["multipart/form-data; boundary=x", true],
    [undefined, true],
  ];
  for (const [contentType, base64] of encodings) {
    it(`hands a body of ${contentType ?? "no content type"} on as ${base64 ? "base64" : "text"}`, async () => {
      await send("/orders", { headers: contentType ? { "content-type": contentType } : {}, body: "a=b" });
      const { body, isBase64Encoded } = functions.events[0]!;
      deepStrictEqual([body, isBase64Encoded], base64 ? ["YT1i", true] : ["a=b", false]);
    });
  }

  it("keeps bytes that are not UTF-8, whatever their label says", async () => {
    const body = Buffer.from([0x7b, 0xff, 0xfe]);
    await send("/orders", { headers: { "content-type": "application/json" }, body });
    deepStrictEqual(Buffer.from(functions.events[0]!.body!, "base64"), body);
  });

  const replies: [name: string, payload: unknown, status: number, type: string | undefined, body: string][] =
    [
      [
        "a whole answer",
        { statusCode: 201, headers: { "Content-Type": "text/csv" }, body: "a,b" },
        201,
        "text/csv",
        "a,b",
      ],
      [
        "base64",
        { statusCode: 200, body: "aGk=", isBase64Encoded: true },
        200,
        "text/plain;charset=UTF-8",
        "hi",
      ],
      ["no body", { statusCode: 204 }, 204, "text/plain;charset=UTF-8", ""],
      ["an object without status", { hello: 1 }, 200, "application/json", '{"hello":1}'],
      ["text", "hello", 200, "application/json", "hello"],
      ["null", null, 200, "application/json", "null"],
      ["a status as text", { statusCode: "202" }, 202, "text/plain;charset=UTF-8", ""],
      [
        "an impossible status",
        { statusCode: 99 },
        500,
        "application/json",
        '{"message":"Internal Server Error"}',
      ],
      [
        "an impossible header",
        { statusCode: 200, headers: { "x-a": "a\nb" } },
        500,
        "application/json",
        '{"message":"Internal Server Error"}',
      ],
    ];
  for (const [name, payload, status, type, body] of replies) {
    it(`turns a function result (${name}) into the response of API Gateway`, async () => {
      functions.answer = () => ({ payload: JSON.stringify(payload) });
      const answer = await send("/orders");
      deepStrictEqual([answer.status, answer.headers["content-type"], answer.body], [status, type, body]);
      ok(answer.headers["apigw-requestid"]);
    });
  }

  it("sets the cookies that a function returns", async () => {
    functions.answer = () => ({ payload: '{"statusCode":200,"cookies":["a=1; Secure","b=2"]}' });
    deepStrictEqual((await send("/orders")).headers["set-cookie"], ["a=1; Secure", "b=2"]);
  });

  it("prefers the most specific route", async () => {
    for (const key of ["$default", "ANY /{proxy+}", "GET /orders/{id}", "ANY /orders/new", "POST /orders"])
      route(key);
    const cases = {
      "POST /orders": "POST /orders",
      "GET /orders": "ANY /orders",
      "GET /orders/7": "GET /orders/{id}",
    };
    const more = { "GET /orders/new": "ANY /orders/new", "PUT /a/b": "ANY /{proxy+}", "GET /": "$default" };
    for (const [sent, key] of Object.entries({ ...cases, ...more })) {
      const [method, path] = sent.split(" ") as [string, string];
      await send(path, { method });
      strictEqual(functions.events.at(-1)!.routeKey, key, sent);
    }
    deepStrictEqual(functions.events[2]!.pathParameters, { id: "7" });
    deepStrictEqual(functions.events[4]!.pathParameters, { proxy: "a/b" });
    const arns = functions.asked.map((asked) => asked.split(" ")[2]!.replace(/.*:abc123/, ""));
    deepStrictEqual(arns, [
      ...["/$default/POST/orders", "/$default/GET/orders", "/$default/GET/orders/{id}"],
      ...["/$default/GET/orders/new", "/$default/PUT/{proxy+}", "/$default/$default"],
    ]);
  });

  it("answers 404 without a route or a stage", async () => {
    const nothing = await send("/other");
    deepStrictEqual([nothing.status, nothing.body], [404, '{"message":"Not Found"}']);
    strictEqual((await send("/orders/")).status, 404);
    gateway.removeStage("abc123", "$default");
    strictEqual((await send("/orders")).status, 404);
    gateway.putStage(stage);
    gateway.removeRoute("abc123", "ANY /orders");
    strictEqual((await send("/orders")).status, 404);
  });

  it("answers 500 without a permission and when the function fails", async () => {
    route("ANY /locked", "forbidden");
    functions.answer = () => ({ payload: '{"errorType":"Error"}', functionError: "Unhandled" });
    for (const path of ["/locked", "/orders"]) {
      const { status, body } = await send(path);
      deepStrictEqual([status, body], [500, '{"message":"Internal Server Error"}']);
    }
  });

  it("answers 503 when the function takes too long, and at once when every sandbox is busy or its code is gone", async () => {
    route("ANY /slow", "slow", 50);
    functions.answer = () => new Promise(() => {});
    const slow = await send("/slow");
    deepStrictEqual([slow.status, slow.body], [503, '{"message":"Service Unavailable"}']);
    for (const code of ["TooManyRequestsException", "ServiceException"]) {
      functions.answer = () => Promise.reject(new AwsError(code, "Not now.", 429));
      const busy = await send("/orders");
      deepStrictEqual([busy.status, busy.headers["retry-after"]], [503, "1"], code);
    }
  });

  it("refuses a body above 10 MB, with or without a declared length, and one too large for Lambda", async () => {
    const large = { status: 413, body: '{"message":"Request Entity Too Large"}' };
    const declared = await send("/orders", { body: Buffer.alloc(10 * 1024 * 1024 + 1) });
    deepStrictEqual({ status: declared.status, body: declared.body }, large);
    const headers = { "transfer-encoding": "chunked" };
    strictEqual((await send("/orders", { headers, body: Buffer.alloc(11 * 1024 * 1024) })).status, 413);
    strictEqual((await send("/orders", { body: Buffer.alloc(10 * 1024 * 1024) })).status, 200);
    functions.answer = () => Promise.reject(new AwsError("RequestTooLargeException", "6 MB", 413));
    strictEqual((await send("/orders")).status, 413);
  });

  it("refuses a body that says it is too large without waiting for it", async () => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write(`POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: ${10 * 1024 * 1024 + 1}\r\n\r\n`);
    const first = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
    socket.destroy();
    match(first.toString(), /^HTTP\/1\.1 413 /);
  });

  it("refuses bodies while its memory for them is full, and accepts them afterwards", async () => {
    const small = createGateway({
      functions: functions as unknown as Functions,
      clock,
      logs,
      metrics,
      bodyBytes: 1000,
    });
    const other = await small.listen("127.0.0.1:0");
    small.putApi({ apiId: "abc123", name: "nami", region: "us-east-1" } as Parameters<Gateway["putApi"]>[0]);
    small.putStage(stage);
    const key = "ANY /orders";
    small.putRoute({ routeId: key, apiId: "abc123", routeKey: key, functionName: "orders", timeoutMs: 9000 });
    const ends: (() => void)[] = [];
    functions.answer = () =>
      new Promise((resolve) => ends.push(() => resolve({ payload: '{"statusCode":200}' })));
    const post = () => fetch(`${other}/orders`, { method: "POST", body: "x".repeat(600) });
    const first = post();
    while (ends.length === 0) await new Promise((next) => setTimeout(next, 5));
    const refused = await post();
    deepStrictEqual([refused.status, refused.headers.get("retry-after")], [503, "1"]);
    ends.shift()!();
    strictEqual((await first).status, 200);
    const again = post();
    while (ends.length === 0) await new Promise((next) => setTimeout(next, 5));
    ends.shift()!();
    strictEqual((await again).status, 200);
    await small.close();
  });

  it("refuses more than 10,240 bytes of request line and headers", async () => {
    strictEqual((await send("/orders", { headers: { "x-a": "a".repeat(10_000) } })).status, 200);
    strictEqual((await send("/orders", { headers: { "x-a": "a".repeat(10_240) } })).status, 431);
    strictEqual((await send("/orders", { headers: { "x-a": "a".repeat(60_000) } })).status, 431);
    strictEqual((await send(`/orders?q=${"a".repeat(10_000)}`)).status, 200);
    strictEqual((await send(`/orders?q=${"a".repeat(10_230)}`)).status, 431);
  });

  it("throttles by stage and by route", async () => {
    route("ANY /rare");
    const rare = { "ANY /rare": { rateLimit: 1, burstLimit: 1 } };
    gateway.putStage({ ...stage, throttle: { rateLimit: 2, burstLimit: 3 }, routeThrottles: rare });
    const statuses = async (path: string, count: number) => {
      const all = [];
      for (let n = 0; n < count; n++) all.push((await send(path)).status);
      return all;
    };
    deepStrictEqual(await statuses("/orders", 4), [200, 200, 200, 429]);
    deepStrictEqual(await statuses("/rare", 2), [200, 429]);
    strictEqual((await send("/orders")).body, '{"message":"Too Many Requests"}');
    clock.time += 1_000;
    deepStrictEqual(await statuses("/orders", 3), [200, 200, 429]);
  });

  it("writes a line of the access log for each request", async () => {
    const format =
      '{"id":"$context.requestId","status":"$context.status","ua":"$context.identity.userAgent","x":"$context.no"}';
    gateway.putStage({ ...stage, accessLog: { group: "/nami/access", format } });
    await send("/orders", { headers: { "user-agent": 'a"b' } });
    await send("/other");
    const [first, second] = logs.tail("/nami/access", 9).map((line) => JSON.parse(line));
    deepStrictEqual([first.status, first.ua, first.x, second.status], ["200", 'a"b', "-", "404"]);
  });

  it("keeps running when clients break off, and answers malformed requests with 400", async () => {
    const { port } = new URL(url);
    const raw = (request: string) =>
      new Promise<string>((resolve) => {
        let all = "";
        const socket = connect(Number(port), "127.0.0.1", () => socket.write(request));
        socket.on("data", (chunk) => {
          all += chunk;
        });
        socket.on("close", () => resolve(all));
        if (request.startsWith("POST")) setTimeout(() => socket.destroy(), 30);
      });
    await raw("POST /orders HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nhalf");
    match(await raw("nonsense\r\n\r\n"), /^HTTP\/1\.1 400 /);
    strictEqual(functions.events.length, 0);
    strictEqual((await send("/orders")).status, 200);
  });

  it("answers a client that closes its half of the connection after the request", async () => {
    const socket = connect({ port: Number(new URL(url).port), host: "127.0.0.1", allowHalfOpen: true });
    socket.end("POST /orders HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}");
    match(await text(socket), /^HTTP\/1\.1 200 /);
    strictEqual(functions.events.length, 1);
  });

  it("names a free address when its own is taken", async () => {
    const other = createGateway({ functions: functions as unknown as Functions, clock, logs, metrics });
    await rejects(other.listen(new URL(url).host), (error: CodedError) => {
      strictEqual(error.code, "PORT_TAKEN");
      match(error.hint, /127\.0\.0\.1:\d+$/);
      return true;
    });
  });

  it("sends requests for a domain to the API that the domain is mapped to, and to no other", async () => {
    gateway.putApi({ apiId: "other1", region: "us-east-1" });
    gateway.putStage({ apiId: "other1", name: "$default" });
    gateway.putDomain("hooks.example.com", "other1");
    const host = { host: "Hooks.example.com:443" };
    strictEqual((await send("/orders", { headers: host })).status, 404);
    gateway.putDomain("hooks.example.com", "abc123");
    strictEqual((await send("/orders", { headers: host })).status, 200);
    gateway.removeDomain("hooks.example.com");
    strictEqual((await send("/orders", { headers: host })).status, 200);
  });
});
