import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleHandler } from "../../infra/bundle";
import type { Functions } from "../../local/host/services";
import { sqsEvent } from "./aws-events";
import { functionSpec, MemoryLogs } from "./functions";
import { functionsIn } from "./local-functions";
import { message } from "./messages";
import { startMongo, type TestMongo } from "./mongo";
import { processesWith } from "./processes";
import { scratchFolder } from "./scratch";

/** How an event's code ends its process. */
export const KILLERS = ["exit", "sigkill", "loop", "memory"] as const;
export type Killer = (typeof KILLERS)[number];

/** What the user's code does with an event: waits, and then perhaps ends its process. */
const CODE = `
import { setTimeout as sleep } from "node:timers/promises";
export default async (event, { log, db }) => {
  const { wait, kill, ask } = event.body;
  if (wait) await sleep(wait);
  if (kill === "exit") process.exit(3);
  if (kill === "sigkill") process.kill(process.pid, "SIGKILL");
  if (kill === "loop") for (;;);
  if (kill === "memory") { const all = []; for (;;) all.push(new Array(100_000).fill(all.length)); }
  if (ask) return { ...event, known: await db.collection("events").countDocuments({ name: "none" }) };
  log("seen", { pid: process.pid });
};`;

export interface Event {
  id: string;
  /** Milliseconds. */
  wait?: number;
  kill?: Killer;
  /** Asks the database through its tools. */
  ask?: boolean;
}

export interface Ended {
  /** Ids in the order in which the queue gave them up. */
  dead: string[];
  /** Ids of what is stored, sorted. */
  stored: string[];
  /** How often each was received. */
  receives: Map<string, number>;
  /** What the function logged. */
  lines: string[];
  /** Isolated processes that were there after the last batch. */
  processes: number;
}

interface Setup {
  /** Seconds. */
  timeout: number;
  /** MB. */
  memory: number;
}

/** The post-queue function with code of a user's, as it is deployed, behind a queue that gives up after five receives. */
export class KillerLab {
  private count = 0;

  private constructor(
    private readonly mongo: TestMongo,
    private readonly codeDir: string,
    private readonly bundle: string,
  ) {}

  static async open(): Promise<KillerLab> {
    const cwd = scratchFolder("nami-killer-");
    const userFile = join(cwd, "code.ts");
    writeFileSync(userFile, CODE);
    const [{ path }, mongo] = await Promise.all([
      bundleHandler({ kind: "post-queue", name: "demo", userFile, cwd }),
      startMongo(),
    ]);
    return new KillerLab(mongo, cwd, path);
  }

  async close(): Promise<void> {
    await this.mongo.close();
  }

  /** Sends the batches one after the other; what is handed back comes again with the next one. */
  async deliver(batches: Event[][], setup: Setup, maxReceives = 5): Promise<Ended> {
    const database = `test${this.count++}`;
    const logs = new MemoryLogs();
    const functions = this.functions(database, setup, { logs, isolateFirst: maxReceives === 1 });
    const receives = new Map<string, number>();
    const dead: string[] = [];
    let waiting: Event[] = [];
    let processes = 0;
    try {
      for (const coming = [...batches]; coming.length > 0 || waiting.length > 0; ) {
        const batch = [...waiting, ...(coming.shift() ?? [])];
        const failed = await this.invoke(functions, batch, receives);
        dead.push(...failed.filter(({ id }) => receives.get(id)! >= maxReceives).map(({ id }) => id));
        waiting = failed.filter(({ id }) => !dead.includes(id));
      }
      processes = processesWith(join(this.codeDir, this.bundle)).length;
    } finally {
      await functions.close();
    }
    const documents = await this.mongo.client.db(database).collection("events").find().toArray();
    const stored = documents.map(({ _id }) => String(_id).slice("demo:".length)).sort();
    return { dead, stored, receives, lines: logs.lines.map(({ text }) => text), processes };
  }

  private functions(
    database: string,
    { timeout, memory }: Setup,
    { logs, isolateFirst }: { logs: MemoryLogs; isolateFirst: boolean },
  ): Functions {
    const dir = scratchFolder("nami-killer-host-");
    const folder = join(this.codeDir, database);
    mkdirSync(folder);
    const settings = JSON.stringify({ name: "demo", database, ...(isolateFirst && { isolateFirst }) });
    const file = JSON.stringify(join(this.codeDir, this.bundle));
    writeFileSync(join(folder, "index.js"), `exports.handler = require(${file}).createHandler(${settings});`);
    const functions = functionsIn(dir, { logs });
    const environment = { NAMI_MONGO_URI: this.mongo.uri };
    functions.put(functionSpec({ codeDir: folder, timeout, memorySize: memory, environment }));
    return functions;
  }

  /** Answers what the queue will deliver again. */
  private async invoke(
    functions: Functions,
    batch: Event[],
    receives: Map<string, number>,
  ): Promise<Event[]> {
    const bodies = batch.map(({ id, ...rest }) => message({ id, requestId: id }, JSON.stringify(rest)));
    const event = sqsEvent(bodies);
    for (const [at, { id }] of batch.entries()) {
      const count = (receives.get(id) ?? 0) + 1;
      receives.set(id, count);
      event.Records[at]!.attributes.ApproximateReceiveCount = String(count);
    }
    const { payload, functionError } = await functions.invoke("orders", JSON.stringify(event));
    if (functionError) return batch;
    const { batchItemFailures } = JSON.parse(payload) as { batchItemFailures: { itemIdentifier: string }[] };
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    return batch.filter((_, at) => failed.has(`m${at}`));
  }
}
