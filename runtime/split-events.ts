/// <reference lib="es2024.collection" />
import type { Collection } from "mongodb";
import type { Incoming } from "./incoming";
import { type Log, reasonOf } from "./log";
import {
  BrokenParts,
  dropParts,
  keepParts,
  type PartDocument,
  type PartOf,
  progressOf,
  wholeBody,
} from "./parts";
import type { Outcomes } from "./settle";

type IncomingPart = Incoming & { meta: PartOf };

export interface SplitPorts {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds left of this invocation. */
  remaining(): number;
  log: Log;
}

/** Milliseconds: reading 6 MB, user code, the insert. */
const LEAST = 3000;

/** The parts in one batch, and the events they complete. */
export class SplitEvents {
  /** The message that brought the last missing part, for each event that is complete. */
  private complete: IncomingPart[] = [];

  constructor(
    private readonly parts: IncomingPart[],
    private readonly ports: SplitPorts,
  ) {}

  /**
   * Keeps the parts. A message is done with when its part is in the store, but for the one that completes its event.
   * May be called again after it threw.
   */
  async keep(collection: Collection<PartDocument>, outcomes: Outcomes): Promise<void> {
    const open = this.parts.filter(({ messageId }) => !outcomes.has(messageId));
    this.complete = [];
    if (open.length === 0) return;
    const refused = await keepParts(collection, open, this.ports.now());
    for (const [index, reason] of refused) outcomes.set(open[index]!.messageId, { status: "failed", reason });
    const events = [...Map.groupBy(open, ({ meta }) => `${meta.name}:${meta.requestId}`).values()];
    const progress = await progressOf(
      collection,
      events.map(([first]) => first!.meta),
    );
    for (const [at, messages] of events.entries()) {
      const kept = messages.filter(({ messageId }) => !outcomes.has(messageId));
      const last = progress[at] === "complete" ? kept.pop() : undefined;
      for (const { messageId } of kept) outcomes.set(messageId, { status: "stored" });
      if (last) this.complete.push(last);
      if (progress[at] === "done") await this.drop(collection, messages[0]!.meta);
    }
  }

  /**
   * Puts events together and hands them to `store`, which gives the outcome, one after the other: ten of 6 MB at once,
   * each as bytes, data and BSON, are more than the function's memory. `left` are those still to come, this one counted.
   */
  async storeComplete(
    collection: Collection<PartDocument>,
    outcomes: Outcomes,
    store: (event: Incoming, left: number) => Promise<void>,
  ): Promise<void> {
    for (const [at, message] of this.complete.entries()) {
      if (at > 0 && this.ports.remaining() < LEAST) {
        outcomes.set(message.messageId, {
          status: "failed",
          reason: "there was no time left to put it together",
        });
        continue;
      }
      await this.storeOne(message, collection, outcomes, (event) => store(event, this.complete.length - at));
    }
  }

  private async storeOne(
    message: IncomingPart,
    collection: Collection<PartDocument>,
    outcomes: Outcomes,
    store: (event: Incoming) => Promise<void>,
  ): Promise<void> {
    const { messageId, meta } = message;
    try {
      const raw = await wholeBody(collection, meta);
      if (raw) await store({ ...message, raw });
      else outcomes.set(messageId, { status: "redelivered" });
    } catch (error) {
      if (!(error instanceof BrokenParts)) throw error;
      outcomes.set(messageId, { status: "failed", reason: reasonOf(error) });
    }
    const outcome = outcomes.get(messageId);
    if (outcome && outcome.status !== "failed") await this.drop(collection, meta);
  }

  /** Parts that stay are no loss: they are deleted in time by their index. */
  private async drop(collection: Collection<PartDocument>, event: PartOf): Promise<void> {
    try {
      await dropParts(collection, event, this.ports.now());
    } catch (error) {
      this.ports.log("warn", "parts not deleted", { requestId: event.requestId, error: reasonOf(error) });
    }
  }
}

export function isPart(message: Incoming): message is IncomingPart {
  return message.meta.part !== undefined;
}
