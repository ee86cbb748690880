import type { Collection } from "mongodb";
import type { EventDocument } from "../../runtime/document";
import type { PostQueueHandler } from "../../runtime/handlers";
import { createStore, type Store } from "../../runtime/store";
import { work } from "../../runtime/work";
import { sqsEvent } from "./aws-events";
import { startMongo, type TestMongo } from "./mongo";
import { type LogLine, recordedLog } from "./recorded-log";

/** The post-queue Lambda's work on one real database process; each test gets a database of its own in it. */
export class WorkerLab {
  /** The time at which everything is stored. */
  static readonly now = Date.UTC(2026, 10, 22, 12);
  lines: LogLine[] = [];
  private count = 0;
  private stores: Store[] = [];

  private constructor(private readonly mongo: TestMongo) {}

  static async open(): Promise<WorkerLab> {
    return new WorkerLab(await startMongo());
  }

  /** Before each test. */
  async fresh(): Promise<void> {
    await this.closeStores();
    this.count++;
    this.lines = [];
  }

  async close(): Promise<void> {
    await this.closeStores();
    await this.mongo.close();
  }

  /** The database process ends with `kill -9`; close() is still to be called. */
  kill(): Promise<void> {
    return this.mongo.close();
  }

  /** A sandbox: a store of its own, and what it does with batches. Answers the message ids handed back. */
  sandbox(handler: PostQueueHandler = () => undefined) {
    const { log, lines } = recordedLog();
    this.lines = lines;
    const store = createStore({ uri: this.mongo.uri, database: this.database, log, name: "demo" });
    this.stores.push(store);
    return async (messages: string[], { receives = 1, remaining = 30_000 } = {}): Promise<string[]> => {
      const until = Date.now() + remaining;
      const ports = {
        store,
        uri: this.mongo.uri,
        handler,
        log,
        now: () => WorkerLab.now,
        remaining: () => until - Date.now(),
      };
      const { batchItemFailures } = await work(sqsEvent(messages, receives), ports);
      return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    };
  }

  collection(name = "events"): Collection<EventDocument> {
    return this.mongo.client.db(this.database).collection(name);
  }

  /** All documents by _id, raw as a buffer. */
  stored(name?: string): Promise<EventDocument[]> {
    return this.collection(name).find<EventDocument>({}, { promoteBuffers: true }).sort({ _id: 1 }).toArray();
  }

  private get database(): string {
    return `test${this.count}`;
  }

  private async closeStores(): Promise<void> {
    for (const store of this.stores.splice(0)) await store.close();
  }
}
