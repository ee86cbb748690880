import { LOCAL_ACCOUNT } from "../../protocol";
import type { MappingSpec, QueueMessage } from "../services";

/** What this host's queue says beyond the interface all parts share. */
interface Origin {
  senderId?: string;
  deadLetterSource?: string;
}

/** An attribute as SQS's API has it. Binary values are base64 text. */
interface MessageAttribute {
  DataType?: string;
  StringValue?: string;
  BinaryValue?: string;
}

function messageAttributes(attributes: Record<string, unknown> = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes as Record<string, MessageAttribute>).map(([name, value]) => [
      name,
      {
        ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
        ...(value.BinaryValue === undefined ? {} : { binaryValue: value.BinaryValue }),
        stringListValues: [],
        binaryListValues: [],
        dataType: value.DataType,
      },
    ]),
  );
}

/** One record of the event, as Lambda's poller sends it: all attributes are text. JSON text. */
export function toRecord(message: QueueMessage & Origin, spec: MappingSpec): string {
  const [, , , region] = spec.queueArn.split(":");
  const source = message.deadLetterSource;
  return JSON.stringify({
    messageId: message.messageId,
    receiptHandle: message.receiptHandle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      SentTimestamp: String(message.sentAt),
      SenderId: message.senderId ?? LOCAL_ACCOUNT,
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
      ...(source ? { DeadLetterQueueSourceArn: spec.queueArn.replace(/[^:]*$/, source) } : {}),
    },
    messageAttributes: messageAttributes(message.messageAttributes),
    md5OfBody: message.md5OfBody,
    eventSource: "aws:sqs",
    eventSourceARN: spec.queueArn,
    awsRegion: region,
  });
}
