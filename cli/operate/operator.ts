import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { SQSClient } from "@aws-sdk/client-sqs";
import type { NoAnswer } from "../../runtime/operator";
import type { Report } from "../../runtime/watchdog-round";
import { cliError } from "../errors";
import { type AskedPlace, clientSettings } from "./client-settings";
import { operatingError } from "./errors";

/** What one must know of a deployment to operate it: outputs of its stack. */
export interface Operated extends AskedPlace {
  name: string;
  queueUrl: string;
  deadLetterQueueUrl: string;
  operatorFunction: string;
  watchdogFunction: string;
  mappingId: string;
}

export interface QueueCounts {
  visible: number;
  inFlight: number;
  delayed: number;
}

/** The worker's event source mapping, in AWS's words. */
export interface MappingState {
  state: string;
  lastResult: string;
}

/** What the operator function answers to "stats". */
export interface Stats {
  events: number;
  duplicates: number;
  conflicts: number;
  deadLetters: number;
  /** Parts of large events that wait for the others since more than an hour. */
  waitingParts: number;
  lastEvent: { id: string; receivedAt: string } | null;
}

/** The operating half of a deployment. The SDKs are loaded when first used; `close` ends their connections. */
export class Operator {
  private lambdaClient?: LambdaClient;
  private sqsClient?: SQSClient;

  constructor(readonly deployment: Operated) {}

  /**
   * Calls the operator function. Throws OPERATOR_FAILED with what the function says did not answer,
   * and PARTS_MISSING, AWS_CREDENTIALS_MISSING or ASKING_FAILED when the function itself cannot be reached.
   */
  async invoke<T>(payload: Record<string, unknown>): Promise<T> {
    const { answer, error } = await this.call<T>(this.deployment.operatorFunction, payload);
    if (!error) return answer!;
    throw cliError("OPERATOR_FAILED", { name: this.deployment.name, reason: error });
  }

  /**
   * Has the watchdog look ("look"), or also pause or resume what is to be ("round"), as it does every minute.
   * Throws WATCHDOG_FAILED with what it says, else as `invoke` does.
   */
  async watch(action: "look" | "round"): Promise<Report> {
    const { answer, error } = await this.call<Report>(this.deployment.watchdogFunction, { action });
    if (!error) return answer!;
    throw cliError("WATCHDOG_FAILED", { name: this.deployment.name, reason: error });
  }

  /** Messages of the queue and of the dead-letter queue, as SQS counts them (approximately on AWS). */
  async queues(): Promise<{ queue: QueueCounts; deadLetters: QueueCounts }> {
    const { queueUrl, deadLetterQueueUrl } = this.deployment;
    const [queue, deadLetters] = await Promise.all([this.count(queueUrl), this.count(deadLetterQueueUrl)]);
    return { queue, deadLetters };
  }

  async mapping(): Promise<MappingState> {
    const { GetEventSourceMappingCommand } = await import("@aws-sdk/client-lambda");
    const lambda = await this.lambda();
    const found = await this.told(
      lambda.send(new GetEventSourceMappingCommand({ UUID: this.deployment.mappingId })),
    );
    return { state: found.State ?? "unknown", lastResult: found.LastProcessingResult ?? "" };
  }

  close(): void {
    this.lambdaClient?.destroy();
    this.sqsClient?.destroy();
  }

  private async call<T>(functionName: string, payload: object): Promise<{ answer?: T; error?: string }> {
    const { InvokeCommand } = await import("@aws-sdk/client-lambda");
    const lambda = await this.lambda();
    const request = { FunctionName: functionName, Payload: Buffer.from(JSON.stringify(payload)) };
    const { Payload = [], FunctionError } = await this.told(lambda.send(new InvokeCommand(request)));
    const text = Buffer.from(Payload).toString("utf8");
    const told = JSON.parse(text) as T & { errorMessage?: string } & Partial<NoAnswer>;
    if (FunctionError) return { error: told.errorMessage ?? text };
    return told.noAnswer === undefined ? { answer: told } : { error: told.noAnswer };
  }

  private async count(queueUrl: string): Promise<QueueCounts> {
    const { GetQueueAttributesCommand, SQSClient } = await import("@aws-sdk/client-sqs");
    this.sqsClient ??= new SQSClient(await clientSettings(this.deployment));
    const { Attributes: found = {} } = await this.told(
      this.sqsClient.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ["All"] })),
    );
    return {
      visible: Number(found.ApproximateNumberOfMessages ?? 0),
      inFlight: Number(found.ApproximateNumberOfMessagesNotVisible ?? 0),
      delayed: Number(found.ApproximateNumberOfMessagesDelayed ?? 0),
    };
  }

  /** What the SDK throws, said so that a person can act on it. */
  private async told<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw operatingError(error, this.deployment);
    }
  }

  private async lambda(): Promise<LambdaClient> {
    const { LambdaClient } = await import("@aws-sdk/client-lambda");
    this.lambdaClient ??= new LambdaClient(await clientSettings(this.deployment));
    return this.lambdaClient;
  }
}
