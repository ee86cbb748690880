import { AwsError } from "../aws-error";
import { checkRange } from "./rules";
import { optionalNumber, optionalText, texts } from "./sqs-input";
import type { SqsAction, SqsRequest } from "./sqs-request";

type Output = Record<string, unknown>;

/** Attributes AWS knows and this host never has a value for. */
const NEVER_SET = [
  "Policy",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "RedriveAllowPolicy",
  "FifoQueue",
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "FifoThroughputLimit",
];

/** All values are texts, as AWS sends them. */
function attributesOf(request: SqsRequest, name: string): Record<string, string> {
  const { queues } = request.options;
  const { attributes, createdAt, modifiedAt } = queues.describe(name);
  const { visible, inFlight, delayed } = queues.counts(name);
  const { redrive } = attributes;
  const numbers = {
    ApproximateNumberOfMessages: visible,
    ApproximateNumberOfMessagesNotVisible: inFlight,
    ApproximateNumberOfMessagesDelayed: delayed,
    CreatedTimestamp: Math.floor(createdAt / 1000),
    LastModifiedTimestamp: Math.floor(modifiedAt / 1000),
    DelaySeconds: attributes.delaySeconds,
    MaximumMessageSize: attributes.maxMessageSize,
    MessageRetentionPeriod: attributes.messageRetentionSeconds,
    ReceiveMessageWaitTimeSeconds: attributes.receiveWaitTimeSeconds,
    VisibilityTimeout: attributes.visibilityTimeoutSeconds,
  };
  return {
    QueueArn: request.arn(name),
    ...Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, String(value)])),
    SqsManagedSseEnabled: "true",
    ...(redrive && { RedrivePolicy: JSON.stringify(redrive) }),
  };
}

function getQueueAttributes(request: SqsRequest): Output {
  const all = attributesOf(request, request.queue());
  const wanted = texts(request.input, "AttributeNames");
  const known = new Set([...Object.keys(all), ...NEVER_SET, "All", "RedrivePolicy"]);
  const unknown = wanted.find((name) => !known.has(name));
  if (unknown) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
  const selected = Object.entries(all).filter(([name]) => wanted.includes("All") || wanted.includes(name));
  return selected.length > 0 ? { Attributes: Object.fromEntries(selected) } : {};
}

/** A page of names, with AWS's rule that a token is given only when MaxResults is. */
function page(request: SqsRequest, names: string[]): { urls: string[]; token: Output } {
  const max = optionalNumber(request.input, "MaxResults");
  if (max !== undefined) checkRange("MaxResults", max, 1, 1000);
  const after = Buffer.from(optionalText(request.input, "NextToken") ?? "", "base64").toString();
  const rest = names.filter((name) => name > after);
  const shown = rest.slice(0, max ?? 1000);
  const more = max !== undefined && rest.length > shown.length;
  const token = more ? { NextToken: Buffer.from(shown.at(-1)!).toString("base64") } : {};
  return { urls: shown.map((name) => request.url(name)), token };
}

function listQueues(request: SqsRequest): Output {
  request.authorize(request.permission, "*");
  const prefix = optionalText(request.input, "QueueNamePrefix") ?? "";
  const names = request.options.queues.names().filter((name) => name.startsWith(prefix));
  const { urls, token } = page(request, names);
  return { ...(urls.length > 0 && { QueueUrls: urls }), ...token };
}

function listDeadLetterSourceQueues(request: SqsRequest): Output {
  const { urls, token } = page(request, request.options.queues.deadLetterSources(request.queue()).sort());
  return { queueUrls: urls, ...token };
}

/** Milliseconds between two purges of one queue. */
const PURGE_PAUSE = 60_000;

function purgeQueue(request: SqsRequest): Output {
  const { queues, clock } = request.options;
  const name = request.queue();
  if (clock.now() - queues.describe(name).purgedAt < PURGE_PAUSE) {
    const words = `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`;
    throw new AwsError("PurgeQueueInProgress", words, 403);
  }
  queues.purge(name);
  return {};
}

export const queueActions: Record<string, SqsAction> = {
  GetQueueAttributes: getQueueAttributes,
  GetQueueUrl: (request) => ({ QueueUrl: request.url(request.namedQueue()) }),
  ListQueues: listQueues,
  ListDeadLetterSourceQueues: listDeadLetterSourceQueues,
  PurgeQueue: purgeQueue,
};
