import type { Clock, QueueMessage } from "../services";
import type { QueueState } from "./queue-state";

interface Poll {
  take: () => QueueMessage[];
  end: (messages: QueueMessage[], error?: unknown) => void;
}

interface Waiting {
  polls: Set<Poll>;
  timer?: NodeJS.Timeout;
}

/** Node's timers take 2^31-1 ms at most; a minute is plenty between two looks. */
const LONGEST_SLEEP = 60_000;

/** Receives that wait for a message: woken by a send, or when a hidden message becomes visible. */
export class LongPolls {
  private readonly waiting = new Map<QueueState, Waiting>();

  constructor(
    private readonly clock: Clock,
    /** When the next message of the queue can be received, milliseconds since the epoch. */
    private readonly nextVisible: (queue: QueueState) => number | undefined,
  ) {}

  /** Resolves with what `take` finds first, or with [] after `seconds`, when `signal` aborts, or at close. */
  wait(
    queue: QueueState,
    take: () => QueueMessage[],
    seconds: number,
    signal?: AbortSignal,
  ): Promise<QueueMessage[]> {
    if (signal?.aborted) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const giveUp = () => poll.end([]);
      const timer = setTimeout(giveUp, seconds * 1000);
      const poll: Poll = {
        take,
        end: (messages, error) => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", giveUp);
          this.leave(queue, poll);
          if (error === undefined) resolve(messages);
          else reject(error);
        },
      };
      signal?.addEventListener("abort", giveUp, { once: true });
      this.enter(queue, poll);
    });
  }

  /** Lets the polls of the queue look again, the longest waiting first. */
  wake(queue: QueueState): void {
    const waiting = this.waiting.get(queue);
    if (!waiting) return;
    for (const poll of [...waiting.polls]) {
      try {
        const messages = poll.take();
        if (messages.length === 0) break;
        poll.end(messages);
      } catch (error) {
        poll.end([], error);
      }
    }
    this.arm(queue);
  }

  /** Ends the polls of a queue that is gone, or of all queues. */
  end(queue?: QueueState): void {
    const queues = queue ? [queue] : [...this.waiting.keys()];
    for (const each of queues) {
      for (const poll of [...(this.waiting.get(each)?.polls ?? [])]) poll.end([]);
    }
  }

  private enter(queue: QueueState, poll: Poll): void {
    const waiting = this.waiting.get(queue) ?? { polls: new Set() };
    waiting.polls.add(poll);
    this.waiting.set(queue, waiting);
    if (waiting.polls.size === 1) this.arm(queue);
  }

  private leave(queue: QueueState, poll: Poll): void {
    const waiting = this.waiting.get(queue);
    if (!waiting?.polls.delete(poll) || waiting.polls.size > 0) return;
    clearTimeout(waiting.timer);
    this.waiting.delete(queue);
  }

  /** Sleeps until the next hidden message becomes visible. */
  private arm(queue: QueueState): void {
    const waiting = this.waiting.get(queue);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    const next = this.nextVisible(queue);
    if (next === undefined) return;
    const sleep = Math.min(Math.max(next - this.clock.now(), 1), LONGEST_SLEEP);
    waiting.timer = setTimeout(() => this.wake(queue), sleep);
  }
}
