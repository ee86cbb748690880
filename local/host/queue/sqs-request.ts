import { LOCAL_ACCOUNT } from "../../protocol";
import type { AwsCall } from "../aws-call";
import { AwsError } from "../aws-error";
import type { LocalIam } from "../iam/iam";
import type { Clock } from "../services";
import type { LocalQueues } from "./queues";
import { noSuchQueue } from "./rules";
import { type Input, optionalText, queueNameOfUrl, text } from "./sqs-input";

export interface SqsOptions {
  queues: LocalQueues;
  iam: LocalIam;
  clock: Clock;
  /** The endpoint's own address, of which queue URLs are made. */
  url: () => string;
  /** Whether a queue was just made and is not known everywhere yet. */
  isComing?: (name: string) => boolean;
}

/** One call of an action, with what the actions share. */
export class SqsRequest {
  constructor(
    readonly options: SqsOptions,
    readonly call: AwsCall,
    readonly input: Input,
    /** IAM's action, e.g. "sqs:SendMessage". */
    readonly permission: string,
  ) {}

  /** The queue of QueueUrl, once the caller may do this with it. Throws AccessDenied, QueueDoesNotExist. */
  queue(): string {
    return this.allowed(queueNameOfUrl(text(this.input, "QueueUrl")));
  }

  /** The queue of QueueName. */
  namedQueue(): string {
    const owner = optionalText(this.input, "QueueOwnerAWSAccountId");
    const name = this.allowed(text(this.input, "QueueName"));
    if (owner === undefined || owner === LOCAL_ACCOUNT) return name;
    throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
  }

  private allowed(name: string): string {
    this.authorize(this.permission, this.arn(name));
    if (this.options.isComing?.(name)) throw noSuchQueue();
    this.options.queues.describe(name);
    return name;
  }

  authorize(action: string, resource: string): void {
    this.options.iam.authorize(this.call.identity, action, resource);
  }

  arn(name: string): string {
    return `arn:aws:sqs:${this.call.region}:${LOCAL_ACCOUNT}:${name}`;
  }

  url(name: string): string {
    return `${this.options.url()}/${LOCAL_ACCOUNT}/${name}`;
  }
}

export type SqsAction = (request: SqsRequest) => Promise<Record<string, unknown>> | Record<string, unknown>;
