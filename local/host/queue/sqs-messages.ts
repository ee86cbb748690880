import { AwsError } from "../aws-error";
import { md5OfAttributes, selectAttributes } from "./message-attributes";
import type { ReceivedMessage } from "./receiver";
import { checkRange, MAX_MESSAGE_BYTES, messageBytes } from "./rules";
import { entries, type Input, optionalNumber, text, texts } from "./sqs-input";
import type { SqsAction, SqsRequest } from "./sqs-request";

type Entry = Input & { Id: string };
type Output = Record<string, unknown>;

async function send(request: SqsRequest, queue: string, input: Input): Promise<Output> {
  const { queues, iam } = request.options;
  const messageAttributes = input.MessageAttributes as Record<string, unknown> | undefined;
  const { messageId, md5OfBody } = await queues.send(queue, text(input, "MessageBody"), {
    delaySeconds: optionalNumber(input, "DelaySeconds"),
    messageAttributes,
    senderId: iam.userId(request.call.identity),
  });
  const digest = md5OfAttributes(messageAttributes);
  return {
    MessageId: messageId,
    MD5OfMessageBody: md5OfBody,
    ...(digest && { MD5OfMessageAttributes: digest }),
  };
}

async function remove(request: SqsRequest, queue: string, input: Input): Promise<Output> {
  await request.options.queues.delete(queue, [text(input, "ReceiptHandle")]);
  return {};
}

async function changeVisibility(request: SqsRequest, queue: string, input: Input): Promise<Output> {
  const seconds = optionalNumber(input, "VisibilityTimeout");
  if (seconds === undefined) {
    throw new AwsError("MissingParameter", "The request must contain the parameter VisibilityTimeout.");
  }
  await request.options.queues.changeVisibility(queue, text(input, "ReceiptHandle"), seconds);
  return {};
}

type One = (request: SqsRequest, queue: string, input: Input) => Promise<Output>;

/** Each entry for itself: those that fail are listed and do not stop the others. */
async function batch(
  request: SqsRequest,
  one: One,
  check: (list: Entry[]) => void = () => {},
): Promise<Output> {
  const queue = request.queue();
  const list = entries(request.input);
  check(list);
  const outcomes = await Promise.allSettled(list.map((entry) => one(request, queue, entry)));
  const Successful: Output[] = [];
  const Failed: Output[] = [];
  outcomes.forEach((outcome, i) => {
    const { Id } = list[i]!;
    if (outcome.status === "fulfilled") Successful.push({ Id, ...outcome.value });
    else Failed.push({ Id, ...failure(outcome.reason) });
  });
  return { Successful, ...(Failed.length > 0 && { Failed }) };
}

function failure(error: unknown): Output {
  if (!(error instanceof AwsError)) throw error;
  return { SenderFault: error.httpStatus < 500, Code: error.code, Message: error.message };
}

function checkBatchBytes(list: Entry[]): void {
  const bytes = list.reduce((sum, { MessageBody, MessageAttributes }) => {
    return sum + messageBytes(String(MessageBody ?? ""), (MessageAttributes as Output | undefined) ?? {});
  }, 0);
  if (bytes <= MAX_MESSAGE_BYTES) return;
  const words = `Batch requests cannot be longer than ${MAX_MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`;
  throw new AwsError("BatchRequestTooLong", words);
}

async function receive(request: SqsRequest): Promise<Output> {
  const queue = request.queue();
  const { input } = request;
  const max = optionalNumber(input, "MaxNumberOfMessages") ?? 1;
  const waitSeconds = optionalNumber(input, "WaitTimeSeconds");
  checkRange("MaxNumberOfMessages", max, 1, 10);
  if (waitSeconds !== undefined) checkRange("WaitTimeSeconds", waitSeconds, 0, 20);
  const visibilityTimeoutSeconds = optionalNumber(input, "VisibilityTimeout");
  const { signal } = request.call;
  const messages = await request.options.queues.receive(queue, {
    max,
    waitSeconds,
    visibilityTimeoutSeconds,
    signal,
  });
  return messages.length > 0 ? { Messages: messages.map((message) => shape(request, message)) } : {};
}

function shape(request: SqsRequest, message: ReceivedMessage): Output {
  const { input } = request;
  const wanted = new Set([...texts(input, "AttributeNames"), ...texts(input, "MessageSystemAttributeNames")]);
  const system = Object.entries(systemAttributes(request, message)).filter(
    ([name, value]) => value !== undefined && (wanted.has("All") || wanted.has(name)),
  );
  const attributes = selectAttributes(message.messageAttributes, texts(input, "MessageAttributeNames"));
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(system.length > 0 && { Attributes: Object.fromEntries(system) }),
    ...(attributes && { MessageAttributes: attributes, MD5OfMessageAttributes: md5OfAttributes(attributes) }),
  };
}

function systemAttributes(request: SqsRequest, message: ReceivedMessage): Record<string, string | undefined> {
  return {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    DeadLetterQueueSourceArn: message.deadLetterSource && request.arn(message.deadLetterSource),
  };
}

export const messageActions: Record<string, SqsAction> = {
  SendMessage: (request) => send(request, request.queue(), request.input),
  SendMessageBatch: (request) => batch(request, send, checkBatchBytes),
  ReceiveMessage: receive,
  DeleteMessage: (request) => remove(request, request.queue(), request.input),
  DeleteMessageBatch: (request) => batch(request, remove),
  ChangeMessageVisibility: (request) => changeVisibility(request, request.queue(), request.input),
  ChangeMessageVisibilityBatch: (request) => batch(request, changeVisibility),
};
