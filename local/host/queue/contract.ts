export interface QueueAttributes {
  visibilityTimeoutSeconds: number;
  messageRetentionSeconds: number;
  maxMessageSize: number;
  delaySeconds: number;
  receiveWaitTimeSeconds: number;
  redrive?: { deadLetterTargetArn: string; maxReceiveCount: number };
}

export interface QueueMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  md5OfBody: string;
  /** ApproximateReceiveCount, counting this receive. */
  receiveCount: number;
  /** Milliseconds since the epoch. */
  sentAt: number;
  firstReceivedAt: number;
  messageAttributes?: Record<string, unknown>;
}

export interface QueueCounts {
  visible: number;
  inFlight: number;
  delayed: number;
  /** Age of the oldest message that is not yet deleted, seconds; 0 when empty. */
  oldestSeconds: number;
}

/** Durable queues with the semantics of SQS standard queues. Queues are named; messages live in SQLite. */
export interface Queues {
  put(name: string, attributes: QueueAttributes): void;
  remove(name: string): void;
  has(name: string): boolean;
  names(): string[];
  /** Throws QueueDoesNotExist. */
  describe(name: string): { readonly attributes: Readonly<QueueAttributes> };
  /** Resolves when the message is on disk (group commit). Throws QueueDoesNotExist, InvalidParameterValue, InvalidMessageContents. */
  send(
    name: string,
    body: string,
    options?: { delaySeconds?: number; messageAttributes?: Record<string, unknown> },
  ): Promise<{ messageId: string; md5OfBody: string }>;
  /** Long poll: resolves with [] when `waitSeconds` are over or `signal` is aborted. */
  receive(
    name: string,
    options: {
      max: number;
      waitSeconds?: number;
      visibilityTimeoutSeconds?: number;
      signal?: AbortSignal;
      /** For a function, whose hands end with the host: see `letGo` and `giveBackAll`. */
      inHand?: boolean;
    },
  ): Promise<QueueMessage[]>;
  delete(name: string, receiptHandles: string[]): Promise<void>;
  /** A function has failed at what these receives brought: it waits out its visibility timeout, also over a restart. */
  letGo(name: string, receiptHandles: string[]): void;
  /** Undoes receives that no function has worked on: visible at once, and not counted. */
  giveBack(name: string, receiptHandles: string[]): Promise<void>;
  /** The same for all that was in functions' hands when the last host ended. */
  giveBackAll(name: string): void;
  changeVisibility(name: string, receiptHandle: string, seconds: number): Promise<void>;
  counts(name: string): QueueCounts;
  purge(name: string): void;
}
