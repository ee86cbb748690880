import type { AwsReply } from "../aws-call";
import type { AwsError } from "../aws-error";

/** What an error is called in the JSON protocol (`__type`), and in the older query protocol (a header). */
interface Names {
  type: string;
  query: string;
}

const NAMES: Record<string, Names> = {
  QueueDoesNotExist: {
    type: "com.amazonaws.sqs#QueueDoesNotExist",
    query: "AWS.SimpleQueueService.NonExistentQueue",
  },
  MessageNotInflight: {
    type: "com.amazonaws.sqs#MessageNotInflight",
    query: "AWS.SimpleQueueService.MessageNotInflight",
  },
  PurgeQueueInProgress: {
    type: "com.amazonaws.sqs#PurgeQueueInProgress",
    query: "AWS.SimpleQueueService.PurgeQueueInProgress",
  },
  UnsupportedOperation: {
    type: "com.amazonaws.sqs#UnsupportedOperation",
    query: "AWS.SimpleQueueService.UnsupportedOperation",
  },
  EmptyBatchRequest: {
    type: "com.amazonaws.sqs#EmptyBatchRequest",
    query: "AWS.SimpleQueueService.EmptyBatchRequest",
  },
  InvalidBatchEntryId: {
    type: "com.amazonaws.sqs#InvalidBatchEntryId",
    query: "AWS.SimpleQueueService.InvalidBatchEntryId",
  },
  BatchRequestTooLong: {
    type: "com.amazonaws.sqs#BatchRequestTooLong",
    query: "AWS.SimpleQueueService.BatchRequestTooLong",
  },
  BatchEntryIdsNotDistinct: {
    type: "com.amazonaws.sqs#BatchEntryIdsNotDistinct",
    query: "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
  },
  TooManyEntriesInBatchRequest: {
    type: "com.amazonaws.sqs#TooManyEntriesInBatchRequest",
    query: "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
  },
  InvalidParameterValue: {
    type: "com.amazon.coral.service#InvalidParameterValueException",
    query: "InvalidParameterValue",
  },
  MissingParameter: {
    type: "com.amazon.coral.service#MissingRequiredParameterException",
    query: "MissingParameter",
  },
  AccessDenied: { type: "com.amazon.coral.service#AccessDeniedException", query: "AccessDenied" },
  SignatureDoesNotMatch: {
    type: "com.amazon.coral.service#InvalidSignatureException",
    query: "SignatureDoesNotMatch",
  },
  RequestExpired: { type: "com.amazon.coral.service#InvalidSignatureException", query: "RequestExpired" },
  InvalidClientTokenId: {
    type: "com.amazon.coral.service#UnrecognizedClientException",
    query: "InvalidClientTokenId",
  },
  MissingAuthenticationToken: {
    type: "com.amazon.coral.service#MissingAuthenticationTokenException",
    query: "MissingAuthenticationToken",
  },
  InternalFailure: { type: "com.amazon.coral.service#InternalFailure", query: "InternalFailure" },
};

export function sqsError(error: AwsError): AwsReply {
  const known = NAMES[error.code];
  const type = known?.type ?? `com.amazonaws.sqs#${error.code}`;
  const fault = error.httpStatus >= 500 ? "Receiver" : "Sender";
  return {
    status: error.httpStatus,
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amzn-query-error": `${known?.query ?? error.code};${fault}`,
    },
    body: JSON.stringify({ __type: type, message: error.message }),
  };
}
