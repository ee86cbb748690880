import { AwsError } from "../aws-error";

/** What a receipt handle says: one receive of one message. */
export interface Receipt {
  /** Name of the queue. */
  queue: string;
  seq: number;
  messageId: string;
  /** The receive it came from: a later receive makes it stale. */
  receiveCount: number;
  /** Milliseconds since the epoch. */
  receivedAt: number;
}

const MARK = "nami1";

/** An opaque text, as AWS's receipt handles are. */
export function encodeReceipt(receipt: Receipt): string {
  const { queue, seq, messageId, receiveCount, receivedAt } = receipt;
  return Buffer.from([MARK, queue, seq, messageId, receiveCount, receivedAt].join(" ")).toString("base64");
}

/** Throws AwsError ReceiptHandleIsInvalid when it is not a handle of the queue. */
export function decodeReceipt(handle: string, queue: string): Receipt {
  const [mark, name, seq, messageId, receiveCount, receivedAt] = Buffer.from(handle, "base64")
    .toString()
    .split(" ");
  const receipt = {
    queue: name ?? "",
    seq: Number(seq),
    messageId: messageId ?? "",
    receiveCount: Number(receiveCount),
    receivedAt: Number(receivedAt),
  };
  if (mark !== MARK || receipt.queue !== queue || encodeReceipt(receipt) !== handle) {
    throw new AwsError(
      "ReceiptHandleIsInvalid",
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
      404,
    );
  }
  return receipt;
}
