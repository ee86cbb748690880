import type { AwsHandler } from "../aws-call";
import { AwsError } from "../aws-error";
import { parseInput } from "./sqs-input";
import { messageActions } from "./sqs-messages";
import { moveTaskActions } from "./sqs-move-tasks";
import { queueActions } from "./sqs-queues";
import { type SqsAction, type SqsOptions, SqsRequest } from "./sqs-request";

const ACTIONS: Record<string, SqsAction> = { ...messageActions, ...queueActions, ...moveTaskActions };

/** SQS's JSON 1.0 protocol. Register it with `sqsError` as its error format. */
export function createSqsHandler(options: SqsOptions): AwsHandler {
  return async (call) => {
    const name = call.headers["x-amz-target"]?.replace(/^AmazonSQS\./, "") ?? "";
    const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
    if (!action) throw new AwsError("UnsupportedOperation", `The local target has no SQS action ${name}.`);
    const permission = `sqs:${name.replace(/Batch$/, "")}`;
    const output = await action(new SqsRequest(options, call, parseInput(call.body), permission));
    return {
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.0" },
      body: JSON.stringify(output),
    };
  };
}
