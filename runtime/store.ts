import { setTimeout as sleep } from "node:timers/promises";
import { type Collection, type Db, MongoClient } from "mongodb";
import type { EventDocument } from "./document";
import { ensureIndexes } from "./indexes";
import { type Log, reasonOf } from "./log";
import type { PartDocument } from "./parts";
import { hostsOf, storeError } from "./store-error";

export interface StoreOptions {
  uri: string;
  database: string;
  /** Of the deployment. */
  name: string;
  keepSeconds?: number;
  log: Log;
}

export interface Store {
  /**
   * Connects at the first call of a sandbox, and again after a failure. Throws StoreError.
   * @param budgetMs what is left of the invocation: no wait inside the driver is longer
   */
  open(budgetMs: number): Promise<Collections>;
  close(): Promise<void>;
}

export interface Collections {
  db: Db;
  events: Collection<EventDocument>;
  deadLetters: Collection<EventDocument>;
  /** Of events that were too large for one message, until all are there. */
  parts: Collection<PartDocument>;
  /** host:port, for messages. */
  hosts: string;
}

/** Milliseconds: a Lambda that waits is paid for, and its batch comes again. */
const SELECTION = 3000;
const SOCKET = 20_000;
/** How long the first store call waits for the indexes; they are built on without us. */
const INDEX_PATIENCE = 1000;

/** One client per sandbox; what is cached is the promise, so that two first calls make one client. */
export function createStore(options: StoreOptions): Store {
  let opened: Promise<Collections & { client: MongoClient }> | undefined;
  return {
    open: (budgetMs) => {
      opened ??= connect(options, budgetMs).catch((error) => {
        opened = undefined;
        throw storeError(options.uri, error);
      });
      return opened;
    },
    close: async () => {
      const client = (await opened?.catch(() => undefined))?.client;
      opened = undefined;
      await client?.close();
    },
  };
}

async function connect({ uri, database, log, ...kept }: StoreOptions, budgetMs: number) {
  const hosts = hostsOf(uri);
  const client = new MongoClient(uri, clientOptions(uri, budgetMs));
  try {
    await client.connect();
  } catch (error) {
    await client.close();
    throw error;
  }
  const db = client.db(database);
  const collections = {
    client,
    db,
    hosts,
    events: db.collection<EventDocument>("events"),
    deadLetters: db.collection<EventDocument>("dead_letters"),
    parts: db.collection<PartDocument>("parts"),
  };
  const indexed = ensureIndexes(collections, kept).catch((error) =>
    log("warn", "indexes not made", { error: reasonOf(error) }),
  );
  await Promise.race([indexed, sleep(INDEX_PATIENCE, undefined, { ref: false })]);
  return collections;
}

/** What a connection string says of write concern and read preference must not weaken the promise, so it is overruled. */
export function clientOptions(uri: string, budgetMs: number) {
  const wait = Math.max(500, Math.min(SELECTION, budgetMs - 500));
  return {
    maxPoolSize: 5,
    minPoolSize: 0,
    maxIdleTimeMS: 60_000,
    serverSelectionTimeoutMS: wait,
    connectTimeoutMS: wait,
    socketTimeoutMS: Math.max(1000, Math.min(SOCKET, budgetMs - 500)),
    // SQS deletes a message on our word, so the word is given when the journal has it: that of one machine, or of so
    // many of a replica set that no failover takes it back.
    w: isSingleHost(uri) ? (1 as const) : ("majority" as const),
    journal: true,
    // What is known of a document must not come from a member that has not heard of it yet.
    readPreference: "primary" as const,
    ignoreUndefined: true,
    // One machine is one machine, whatever it believes of its replica set; several hosts find their own primary.
    ...(isSingleHost(uri) && { directConnection: true }),
  };
}

function isSingleHost(uri: string): boolean {
  return (
    uri.startsWith("mongodb://") &&
    !hostsOf(uri).includes(",") &&
    !/[?&](replicaSet|directConnection)=/i.test(uri)
  );
}
