import { AwsError } from "../aws-error";
import type { QueueAttributes } from "../services";

/** SQS's limit of a message and of a batch together, since August 2025. Bytes. */
export const MAX_MESSAGE_BYTES = 1_048_576;
/** SQS's limit of received, not yet deleted messages of a standard queue. */
export const MAX_IN_FLIGHT = 120_000;
/** 12 hours from the receive, in seconds. */
export const MAX_VISIBILITY_SECONDS = 43_200;

// In "u" mode a lone surrogate matches as itself, which the set leaves out.
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Throws AwsError InvalidMessageContents: SQS takes the characters of XML 1.0 only. */
export function checkCharacters(text: string): void {
  if (!FORBIDDEN.test(text)) return;
  throw new AwsError(
    "InvalidMessageContents",
    "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF and #xE000 to #xFFFD | #x10000 to #x10FFFF.",
  );
}

/** Bytes as SQS counts them: the body, and name, type and value of every attribute. */
export function messageBytes(body: string, attributes: Record<string, unknown> = {}): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, value] of Object.entries(attributes)) {
    const { DataType, StringValue, BinaryValue } = value as Record<string, string | undefined>;
    bytes +=
      Buffer.byteLength(name) + Buffer.byteLength(DataType ?? "") + Buffer.byteLength(StringValue ?? "");
    bytes += BinaryValue ? Buffer.from(BinaryValue, "base64").length : 0;
  }
  return bytes;
}

/** Throws AwsError InvalidParameterValue, InvalidMessageContents, MissingParameter. */
export function checkMessage(
  body: string,
  attributes: Record<string, unknown> | undefined,
  maxBytes: number,
): void {
  if (body === "")
    throw new AwsError("MissingParameter", "The request must contain the parameter MessageBody.");
  checkCharacters(body);
  // A UTF-16 unit is three bytes at most: short bodies need no count.
  if (!attributes && body.length * 3 <= maxBytes) return;
  if (messageBytes(body, attributes) <= maxBytes) return;
  const reason = `Message must be shorter than ${maxBytes} bytes.`;
  throw new AwsError("InvalidParameterValue", `One or more parameters are invalid. Reason: ${reason}`);
}

/** Throws AwsError InvalidParameterValue unless `value` is a whole number in the range. */
export function checkRange(parameter: string, value: unknown, min: number, max: number): void {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return;
  throw new AwsError(
    "InvalidParameterValue",
    `Value ${String(value)} for parameter ${parameter} is invalid. Reason: Must be between ${min} and ${max}.`,
  );
}

export function checkQueueName(name: string): void {
  if (/^[A-Za-z0-9_-]{1,80}$/.test(name)) return;
  throw new AwsError(
    "InvalidParameterValue",
    "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
  );
}

/** The ranges of SQS's CreateQueue. */
export function checkAttributes(attributes: QueueAttributes): void {
  const { redrive } = attributes;
  checkRange("VisibilityTimeout", attributes.visibilityTimeoutSeconds, 0, MAX_VISIBILITY_SECONDS);
  checkRange("MessageRetentionPeriod", attributes.messageRetentionSeconds, 60, 1_209_600);
  checkRange("MaximumMessageSize", attributes.maxMessageSize, 1024, MAX_MESSAGE_BYTES);
  checkRange("DelaySeconds", attributes.delaySeconds, 0, 900);
  checkRange("ReceiveMessageWaitTimeSeconds", attributes.receiveWaitTimeSeconds, 0, 20);
  if (redrive) checkRange("maxReceiveCount", redrive.maxReceiveCount, 1, 1000);
}

/** The queue's name in arn:aws:sqs:<region>:<account>:<name>. */
export function queueNameOfArn(arn: string): string {
  const parts = arn.split(":");
  if (parts.length === 6 && parts[2] === "sqs" && parts[5]) return parts[5];
  throw new AwsError(
    "InvalidParameterValue",
    `Value ${arn} for parameter QueueArn is invalid. Reason: Not a queue ARN.`,
  );
}

export function noSuchQueue(): AwsError {
  return new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
}

/** For a message that is gone. */
export function notChangeable(handle: string): AwsError {
  const reason = "Message does not exist or is not available for visibility timeout change.";
  return new AwsError(
    "InvalidParameterValue",
    `Value ${handle} for parameter ReceiptHandle is invalid. Reason: ${reason}`,
  );
}

/** For a message that is visible, or was received again since. */
export function notInFlight(): AwsError {
  return new AwsError("MessageNotInflight", "The specified message isn't in flight.");
}

export function hiddenTooLong(seconds: number): AwsError {
  const reason = `Total VisibilityTimeout for the message is beyond the limit [${MAX_VISIBILITY_SECONDS} seconds]`;
  return new AwsError(
    "InvalidParameterValue",
    `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: ${reason}`,
  );
}

export function overLimit(): AwsError {
  return new AwsError("OverLimit", `Too many messages are in flight: the limit is ${MAX_IN_FLIGHT}.`, 403);
}
