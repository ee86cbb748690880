import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { logPlace } from "../../../../cli/operate/function-logs";
import { readLogs } from "../../../../cli/operate/logs";
import { capturedIo } from "../../../support/captured-io";

const event = (message: string) => ({ eventId: message, logStreamName: "s", timestamp: 1, message });

/** CloudWatch Logs as AWS has it: a page may be empty and not the last, and too many requests are refused. */
describe("logs on AWS", () => {
  let server: Server;
  let asked: { target: string; authorization: string; body: Record<string, unknown> }[];
  let answers: [status: number, body: object][];
  const before_ = { ...process.env };

  before(async () => {
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" });
    server = createServer((request, response) => {
      let text = "";
      request.on("data", (part) => {
        text += part;
      });
      request.on("end", () => {
        const { authorization, "x-amz-target": target } = request.headers;
        asked.push({
          target: String(target),
          authorization: String(authorization),
          body: JSON.parse(text),
        });
        const [status, body] = answers.shift()!;
        response
          .writeHead(status, { "content-type": "application/x-amz-json-1.1" })
          .end(JSON.stringify(body));
      });
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  });
  beforeEach(() => {
    asked = [];
  });
  after(() => {
    process.env = before_;
    server?.close();
    server?.closeAllConnections();
  });

  const read = async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const io = capturedIo({ env: { AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: url } });
    const logged = { home: "/none", name: "demo", target: "aws", region: "eu-central-1", outputs: {} };
    const found: string[] = [];
    for await (const { message } of readLogs(logPlace(logged, io), { group: "/g", since: 5 }))
      found.push(message);
    return found;
  };

  it("are asked for page by page, also after one that is empty", async () => {
    answers = [
      [200, { events: [event("a")], nextToken: "t1" }],
      [200, { events: [], nextToken: "t2" }],
      [200, { events: [event("b")] }],
    ];
    assert.deepEqual(await read(), ["a", "b"]);
    assert.deepEqual(
      asked.map(({ body }) => body),
      [
        { logGroupName: "/g", startTime: 5 },
        { logGroupName: "/g", startTime: 5, nextToken: "t1" },
        { logGroupName: "/g", startTime: 5, nextToken: "t2" },
      ],
    );
    assert.equal(asked[0]!.target, "Logs_20140328.FilterLogEvents");
    assert.match(asked[0]!.authorization, /\/eu-central-1\/logs\/aws4_request/);
  });

  it("are asked for again when AWS finds it too much", async () => {
    answers = [
      [400, { __type: "ThrottlingException", message: "Rate exceeded" }],
      [200, { events: [event("a")] }],
    ];
    assert.deepEqual(await read(), ["a"]);
  });

  it("are reported when they are gone or may not be read", async () => {
    answers = [
      [400, { __type: "ResourceNotFoundException", message: "The specified log group does not exist." }],
    ];
    await assert.rejects(read(), { code: "PARTS_MISSING" });
    const denied =
      "User: arn:aws:iam::1:user/me is not authorized to perform: logs:FilterLogEvents on resource: r";
    answers = [[400, { __type: "AccessDeniedException", message: denied }]];
    await assert.rejects(read(), /logs:FilterLogEvents/);
  });
});
