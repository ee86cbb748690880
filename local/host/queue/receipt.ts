import { AwsError } from "../aws-error";

/** What a receipt handle says: one receive of one message. */
export interface Receipt {
  queueId: number;
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
  const { queueId, seq, messageId, receiveCount, receivedAt } = receipt;
  return Buffer.from([MARK, queueId, seq, messageId, receiveCount, receivedAt].join(" ")).toString("base64");
}

/** Throws AwsError ReceiptHandleIsInvalid when it is not a handle of the queue `queueId`. */
export function decodeReceipt(handle: string, queueId: number): Receipt {
  const [mark, queue, seq, messageId, receiveCount, receivedAt] = Buffer.from(handle, "base64")
    .toString()
    .split(" ");
  const receipt = {
    queueId: Number(queue),
    seq: Number(seq),
    messageId: messageId ?? "",
    receiveCount: Number(receiveCount),
    receivedAt: Number(receivedAt),
  };
  if (mark !== MARK || receipt.queueId !== queueId || encodeReceipt(receipt) !== handle) {
    throw new AwsError(
      "ReceiptHandleIsInvalid",
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
      404,
    );
  }
  return receipt;
}
