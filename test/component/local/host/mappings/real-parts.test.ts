import { deepStrictEqual, match, strictEqual } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Database, openDatabase } from "../../../../../local/host/database";
import { createIam } from "../../../../../local/host/iam/iam";
import { createMappings } from "../../../../../local/host/mappings";
import { createQueues } from "../../../../../local/host/queue/queues";
import { queueSchema } from "../../../../../local/host/queue/schema";
import type { Functions, Iam, Mappings, QueueAttributes } from "../../../../../local/host/services";
import { codeDir, functionSpec, MemoryLogs, realClock } from "../../../../support/functions";
import { functionsIn } from "../../../../support/local-functions";

/** Fails what says "poison", reports it by its id, and logs what it saw. */
const CODE = `exports.handler = async ({ Records }) => {
  const failed = Records.filter(({ body }) => body === "poison");
  for (const { body, attributes } of Records) console.log("saw", body, attributes.ApproximateReceiveCount);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
};`;

const ARN = "arn:aws:sqs:us-east-1:000000000000:";
const ATTRIBUTES: QueueAttributes = {
  visibilityTimeoutSeconds: 1,
  messageRetentionSeconds: 345_600,
  maxMessageSize: 1_048_576,
  delaySeconds: 0,
  receiveWaitTimeSeconds: 0,
};

describe("mappings with the real queue, roles and sandboxes", function () {
  this.timeout(20_000);
  let dir: string;
  let database: Database;
  let iam: Iam;
  let queues: ReturnType<typeof createQueues>;
  let functions: Functions;
  let mappings: Mappings;
  let logs: MemoryLogs;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-parts-"));
    database = openDatabase(join(dir, "host.db"), [queueSchema]);
    iam = createIam({ dir, clock: realClock });
    queues = createQueues(database, realClock);
    logs = new MemoryLogs();
    functions = functionsIn(dir, { iam, logs });
    mappings = createMappings({ queues, functions, iam, clock: realClock, log: () => {} });
    const trust = {
      Effect: "Allow" as const,
      Principal: { Service: "lambda.amazonaws.com" },
      Action: "sts:AssumeRole",
    };
    iam.putRole("orders-role", { Version: "2012-10-17", Statement: [trust] });
    iam.putRolePolicy("orders-role", "queue", {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          Resource: `${ARN}orders`,
        },
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/orders:*",
        },
      ],
    });
    queues.put("dead", ATTRIBUTES);
    queues.put("orders", {
      ...ATTRIBUTES,
      redrive: { deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 2 },
    });
    functions.put(functionSpec({ codeDir: codeDir(CODE), timeout: 1 }));
    mappings.put({
      uuid: "u1",
      queueName: "orders",
      queueArn: `${ARN}orders`,
      functionName: "orders",
      enabled: true,
      batchSize: 10,
      batchWindow: 0,
      maximumConcurrency: 5,
      reportBatchItemFailures: true,
    });
  });
  afterEach(async () => {
    await mappings.close();
    await functions.close();
    queues.close();
    database.close();
    rmSync(dir, { recursive: true, force: true });
  });

  const until = async (what: () => boolean, ms = 10_000) => {
    for (const end = Date.now() + ms; !what(); await sleep(10))
      if (Date.now() > end) throw new Error(`never: ${what}`);
  };
  const saw = () => logs.lines.flatMap(({ text }) => /\tsaw (.*)$/.exec(text)?.[1] ?? []);

  it("process 100 messages once, and move a poisoned one to the dead letters after its last receive", async () => {
    const bodies = Array.from({ length: 100 }, (_, n) => `order-${n}`);
    await Promise.all([...bodies, "poison"].map((body) => queues.send("orders", body)));
    await until(() => queues.counts("dead").visible === 1);
    const { visible, inFlight } = queues.counts("orders");
    deepStrictEqual([visible, inFlight], [0, 0]);
    const wanted = [...bodies.map((body) => `${body} 1`), "poison 1", "poison 2"].sort();
    deepStrictEqual(saw().sort(), wanted);
    strictEqual(mappings.lastResult("u1"), "OK");
  });

  it("stop when the policy of the role is removed, and lose no message", async () => {
    iam.removeRolePolicy("orders-role", "queue");
    await queues.send("orders", "order-1");
    await until(() => mappings.lastResult("u1").startsWith("PROBLEM"));
    match(mappings.lastResult("u1"), /AccessDenied.*not authorized to perform: sqs:ReceiveMessage/);
    deepStrictEqual(saw(), []);
    strictEqual(queues.counts("orders").visible + queues.counts("orders").inFlight, 1);
  });
});
