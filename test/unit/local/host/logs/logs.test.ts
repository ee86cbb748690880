import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsError } from "../../../../../local/host/aws-error";
import { createLogs, createLogsEndpoint } from "../../../../../local/host/logs";
import type { Iam } from "../../../../../local/host/services";
import { MovableClock } from "../../../../support/functions";

describe("the logs of the host", () => {
  let dir: string;
  let clock: MovableClock;
  const group = "/aws/lambda/orders";
  const file = (name = "current.log") => join(dir, "logs", "aws", "lambda", "orders", name);
  const open = (maxBytes?: number) => createLogs(dir, clock, maxBytes ? { maxBytes } : {});

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-logs-"));
    clock = new MovableClock();
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("drop events that they cannot write, and throw nothing", () => {
    writeFileSync(join(dir, "logs"), "a file where the folder should be");
    const logs = open();
    logs.write(group, "s1", "lost");
    logs.flush();
    deepStrictEqual(logs.tail(group, 1), []);
  });

  it("write one line per event, and find it after a restart", () => {
    const logs = open();
    logs.write(group, "s1", "first\nsecond");
    logs.write(group, "s2", "a\tb");
    logs.flush();
    strictEqual(
      readFileSync(file(), "utf8"),
      "2026-01-31T00:00:00.000Z\ts1\tfirst\rsecond\n2026-01-31T00:00:00.000Z\ts2\ta\tb\n",
    );
    const again = open();
    again.putGroup(group);
    deepStrictEqual(
      again.events(group).map(({ message }) => message),
      ["first\nsecond", "a\tb"],
    );
    strictEqual(again.tail(group, 1).length, 1);
  });

  it("keep two files of bounded size", () => {
    const logs = open(1_000);
    for (let n = 0; n < 200; n++) {
      logs.write(group, "s", `line ${n}`);
      if (n % 10 === 9) logs.flush();
    }
    ok(statSync(file()).size < 2_000);
    ok(statSync(file("previous.log")).size < 2_000);
    strictEqual(logs.tail(group, 30).at(-1)!.split("\t")[2], "line 199");
    strictEqual(logs.tail(group, 30).length, 30);
  });

  it("remove a group with its files, and never touch other folders", () => {
    const logs = open();
    logs.write(group, "s", "x");
    logs.removeGroup(group);
    ok(!existsSync(file()));
    logs.write("../../escape", "s", "x");
    logs.flush();
    ok(existsSync(join(dir, "logs", "escape", "current.log")));
  });

  it("forget events past their retention", () => {
    const logs = open();
    logs.putGroup(group, 1);
    logs.write(group, "s", "old");
    clock.time += 2 * 86_400_000;
    logs.write(group, "s", "new");
    deepStrictEqual(
      logs.events(group).map(({ message }) => message),
      ["new"],
    );
  });

  describe("behind FilterLogEvents", () => {
    let denied = false;
    const iam = {
      authorize: (_: unknown, action: string) => {
        if (denied) throw new AwsError("AccessDenied", action, 403);
      },
    } as unknown as Iam;
    const filter = async (request: object, target = "Logs_20140328.FilterLogEvents") => {
      const logs = open();
      for (const n of [1, 2, 3]) {
        clock.time += 1_000;
        logs.write(group, `s${n}`, `${n === 2 ? "ERROR" : "INFO"} number ${n}`);
      }
      const call = { headers: { "x-amz-target": target }, body: Buffer.from(JSON.stringify(request)) };
      const reply = await createLogsEndpoint({ logs, iam })({
        ...call,
        identity: { arn: "a" },
        region: "us-east-1",
      });
      const { events, nextToken } = JSON.parse(reply.body);
      return {
        messages: events.map(({ message }: { message: string }) => message.slice(-1)).join(""),
        nextToken,
      };
    };
    afterEach(() => {
      denied = false;
    });

    const cases: [request: object, messages: string][] = [
      [{}, "123"],
      [{ filterPattern: "ERROR" }, "2"],
      [{ filterPattern: '"number 3" INFO' }, "3"],
      [{ filterPattern: "-ERROR" }, "13"],
      [{ filterPattern: "?ERROR ?3" }, "23"],
      [{ startTime: Date.UTC(2026, 0, 31) + 2_000 }, "23"],
      [{ endTime: Date.UTC(2026, 0, 31) + 1_000 }, "1"],
      [{ logStreamNames: ["s2"] }, "2"],
      [{ limit: 2 }, "12"],
      [{ limit: 2, nextToken: "2" }, "3"],
    ];
    for (const [request, messages] of cases) {
      it(`answer ${JSON.stringify(request)} with the events ${messages}`, async () => {
        const found = await filter({ logGroupName: group, ...request });
        strictEqual(found.messages, messages);
        strictEqual(found.nextToken, messages === "12" ? "2" : undefined);
      });
    }

    it("refuse unknown groups, unknown operations and callers without permission", async () => {
      const code = (name: string) => (error: AwsError) => error.code === name;
      await rejects(filter({ logGroupName: "/none" }), code("ResourceNotFoundException"));
      await rejects(
        filter({ logGroupName: group }, "Logs_20140328.PutLogEvents"),
        code("UnknownOperationException"),
      );
      denied = true;
      await rejects(filter({ logGroupName: group }), code("AccessDenied"));
    });
  });
});
