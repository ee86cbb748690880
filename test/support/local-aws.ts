import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAwsEndpoint } from "../../local/host/aws-endpoint";
import { type Database, openDatabase } from "../../local/host/database";
import { createIam, type LocalIam } from "../../local/host/iam/iam";
import { createStsHandler, stsError } from "../../local/host/iam/sts-endpoint";
import { createQueues, type LocalQueues } from "../../local/host/queue/queues";
import { queueSchema } from "../../local/host/queue/schema";
import { createSqsHandler } from "../../local/host/queue/sqs-endpoint";
import { sqsError } from "../../local/host/queue/sqs-errors";
import type { Clock, QueueAttributes } from "../../local/host/services";

/** Time that only moves when a test moves it. */
export class TestClock implements Clock {
  constructor(private time = Date.UTC(2026, 10, 23)) {}
  now = () => this.time;
  advance(seconds: number): void {
    this.time += seconds * 1000;
  }
}

export const ATTRIBUTES: QueueAttributes = {
  visibilityTimeoutSeconds: 30,
  messageRetentionSeconds: 345_600,
  maxMessageSize: 1_048_576,
  delaySeconds: 0,
  receiveWaitTimeSeconds: 0,
};

export interface QueueRoom {
  clock: TestClock;
  queues: LocalQueues;
  database: Database;
  file: string;
  /** Closes and opens again, as a restart of the host does. */
  restart(): LocalQueues;
  close(): void;
}

/** Queues in a folder of their own. */
export function queueRoom(): QueueRoom {
  const dir = mkdtempSync(join(tmpdir(), "nami-queues-"));
  const file = join(dir, "host.db");
  const clock = new TestClock();
  const open = () => {
    const database = openDatabase(file, [queueSchema]);
    return { database, queues: createQueues(database, clock) };
  };
  const room: QueueRoom = {
    clock,
    file,
    ...open(),
    restart() {
      room.queues.close();
      room.database.close();
      Object.assign(room, open());
      return room.queues;
    },
    close() {
      room.queues.close();
      room.database.close();
      rmSync(dir, { recursive: true });
    },
  };
  return room;
}

export interface LocalAws {
  url: string;
  iam: LocalIam;
  queues: LocalQueues;
  /** Errors that were no AwsError. */
  bugs: unknown[];
  close(): Promise<void>;
}

/** The AWS-compatible endpoints with SQS and STS behind them, on a free port. */
export async function localAws(): Promise<LocalAws> {
  const dir = mkdtempSync(join(tmpdir(), "nami-aws-"));
  const clock: Clock = { now: Date.now };
  const database = openDatabase(join(dir, "host.db"), [queueSchema]);
  const queues = createQueues(database, clock);
  const iam = createIam({ dir, clock });
  const bugs: unknown[] = [];
  const endpoint = createAwsEndpoint({ iam, onError: (error) => bugs.push(error) });
  endpoint.handle("sqs", createSqsHandler({ queues, iam, clock, url: () => url }), sqsError);
  endpoint.handle("sts", createStsHandler(iam), stsError);
  const url = await endpoint.listen(0);
  const close = async () => {
    await endpoint.close();
    queues.close();
    database.close();
    rmSync(dir, { recursive: true });
  };
  return { url, iam, queues, bugs, close };
}
