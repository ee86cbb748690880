import { AwsError, cannotRunNow } from "../aws-error";
import type { Clock, Functions, InvokeResult, MappingSpec, QueueMessage, Queues } from "../services";
import type { Batch } from "./batch";
import { failedIds } from "./partial-failures";

export interface DeliveryParts {
  queues: Queues;
  functions: Functions;
  clock: Clock;
  /** Throws AwsError AccessDenied when the role may no longer delete. */
  authorizeDelete: () => void;
  firstRetryMs?: number;
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

/**
 * Hands one batch to the function and deletes what succeeded. What failed is left alone: it comes back when its
 * visibility timeout ends. Answers AWS's LastProcessingResult; never throws.
 */
export async function deliver(batch: Batch, spec: MappingSpec, parts: DeliveryParts): Promise<string> {
  const everything = (error: unknown) => ({ result: problem(error), left: batch.messages });
  const { result, left } = await deliverAll(batch, spec, parts).catch(everything);
  if (left.length > 0) letGo(left, spec, parts);
  return result;
}

/** Of what is left, no function is at work any more. */
function letGo(left: QueueMessage[], spec: MappingSpec, { queues }: DeliveryParts): void {
  try {
    queues.letGo(
      spec.queueName,
      left.map(({ receiptHandle }) => receiptHandle),
    );
  } catch {
    // The queue is gone, or the disk refuses: then it is given back at the next start.
  }
}

/** Answers also which messages were not deleted. */
async function deliverAll(
  batch: Batch,
  spec: MappingSpec,
  parts: DeliveryParts,
): Promise<{ result: string; left: QueueMessage[] }> {
  const result = await invokeUntilVisible(batch, spec, parts);
  const { messages } = batch;
  if (!result)
    return { result: "PROBLEM: Function call was throttled until the visibility timeout", left: messages };
  const failed = outcome(result, batch, spec);
  const isDone = ({ messageId }: QueueMessage) => failed !== "all" && !failed.has(messageId);
  const done = messages.filter(isDone);
  if (done.length > 0) {
    parts.authorizeDelete();
    await parts.queues.delete(
      spec.queueName,
      done.map(({ receiptHandle }) => receiptHandle),
    );
  }
  const isProblem = result.functionError || failed === "all";
  return {
    result: isProblem ? "PROBLEM: Function call failed" : "OK",
    left: messages.filter((message) => !isDone(message)),
  };
}

export function problem(error: unknown): string {
  const { name, message } = error as Error;
  return `PROBLEM: ${error instanceof AwsError ? error.code : name}: ${message}`;
}

function outcome(result: InvokeResult, batch: Batch, spec: MappingSpec): "all" | Set<string> {
  if (result.functionError) return "all";
  if (!spec.reportBatchItemFailures) return new Set();
  return failedIds(result.payload, new Set(batch.messages.map(({ messageId }) => messageId)));
}

/** A throttled call is repeated as long as the messages are hidden from others. */
async function invokeUntilVisible(
  batch: Batch,
  spec: MappingSpec,
  { queues, functions, clock, firstRetryMs = FIRST_RETRY_MS }: DeliveryParts,
): Promise<InvokeResult | undefined> {
  const visibility = queues.describe(spec.queueName).attributes.visibilityTimeoutSeconds;
  const until = batch.receivedAt + visibility * 1000;
  for (let wait = firstRetryMs; ; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
    try {
      return await functions.invoke(spec.functionName, batch.payload);
    } catch (error) {
      if (!cannotRunNow(error)) throw error;
      if (clock.now() + wait >= until) return undefined;
      await new Promise((next) => setTimeout(next, wait));
    }
  }
}
