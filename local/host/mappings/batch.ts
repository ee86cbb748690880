import type { Clock, MappingSpec, QueueMessage, Queues } from "../services";
import { toRecord } from "./record";

/** The invocation payload's limit, bytes. */
const MAX_PAYLOAD = 6_291_456;
const ENVELOPE = '{"Records":[]}'.length;
/** SQS hands out at most ten at a time. */
const MAX_RECEIVE = 10;
const LONG_POLL_SECONDS = 20;

export interface Batch {
  messages: QueueMessage[];
  /** The event, JSON text. */
  payload: string;
  /** When its first message was received, ms since the epoch. */
  receivedAt: number;
}

interface Received {
  message: QueueMessage;
  record: string;
  bytes: number;
  at: number;
}

/** Gathers messages into batches by AWS's three limits: size, window and 6 MB of payload. */
export class BatchCollector {
  /** Received, but too much for the batch before. */
  private carried: Received[] = [];

  constructor(
    private readonly queues: Queues,
    private readonly clock: Clock,
  ) {}

  /** Waits for the first message as long as a long poll does; answers undefined when none came. */
  async next(spec: MappingSpec, signal: AbortSignal): Promise<Batch | undefined> {
    const received = this.carried.splice(0);
    if (received.length === 0)
      received.push(...(await this.receive(spec, spec.batchSize, LONG_POLL_SECONDS, signal)));
    if (received.length === 0) return undefined;
    const closesAt = received[0]!.at + spec.batchWindow * 1000;
    while (received.length < spec.batchSize && bytesOf(received) < MAX_PAYLOAD) {
      const seconds = (closesAt - this.clock.now()) / 1000;
      if (seconds <= 0 || signal.aborted) break;
      const wanted = spec.batchSize - received.length;
      received.push(...(await this.receive(spec, wanted, Math.min(seconds, LONG_POLL_SECONDS), signal)));
    }
    return this.cut(received);
  }

  /** Hands back what was received for a batch that will not come. */
  async giveBack(spec: MappingSpec): Promise<void> {
    await giveBack(
      this.queues,
      spec,
      this.carried.splice(0).map(({ message }) => message),
    );
  }

  private async receive(
    spec: MappingSpec,
    wanted: number,
    waitSeconds: number,
    signal: AbortSignal,
  ): Promise<Received[]> {
    const max = Math.min(wanted, MAX_RECEIVE);
    const messages = await this.queues.receive(spec.queueName, { max, waitSeconds, signal, inHand: true });
    const at = this.clock.now();
    return messages.map((message) => {
      const record = toRecord(message, spec);
      return { message, record, bytes: Buffer.byteLength(record) + 1, at };
    });
  }

  private cut(received: Received[]): Batch {
    let size = ENVELOPE;
    let count = 0;
    for (const { bytes } of received) {
      if (count > 0 && size + bytes > MAX_PAYLOAD) break;
      size += bytes;
      count += 1;
    }
    this.carried = received.splice(count);
    return {
      messages: received.map(({ message }) => message),
      payload: `{"Records":[${received.map(({ record }) => record).join(",")}]}`,
      receivedAt: received[0]!.at,
    };
  }
}

function bytesOf(received: Received[]): number {
  return received.reduce((sum, { bytes }) => sum + bytes, ENVELOPE);
}

/** Undoes the receives of messages that no function has had. A queue that is gone needs nothing back. */
export async function giveBack(queues: Queues, spec: MappingSpec, messages: QueueMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const handles = messages.map(({ receiptHandle }) => receiptHandle);
  await queues.giveBack(spec.queueName, handles).catch(() => {});
}
