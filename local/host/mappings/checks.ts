import { AwsError } from "../aws-error";
import type { FunctionSpec, Functions, Iam, MappingSpec, Queues } from "../services";

const POLLER_ACTIONS = ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message);
}

/** The poller acts as the function's own role. Throws AwsError AccessDenied, which names the action. */
export function authorizeQueue(
  iam: Iam,
  spec: MappingSpec,
  fn: FunctionSpec,
  actions = POLLER_ACTIONS,
): void {
  const identity = iam.roleIdentity(fn.roleName, "awslambda");
  for (const action of actions) iam.authorize(identity, `sqs:${action}`, spec.queueArn);
}

/** What AWS refuses at creation, in AWS's words. Throws InvalidParameterValueException, ResourceNotFoundException. */
export function checkMapping(
  spec: MappingSpec,
  parts: { queues: Queues; functions: Functions; iam: Iam },
): void {
  const fn = parts.functions.get(spec.functionName);
  if (!fn) throw new AwsError("ResourceNotFoundException", `Function not found: ${spec.functionName}`, 404);
  if (spec.batchSize > 10 && spec.batchWindow < 1) {
    throw invalid(
      "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
    );
  }
  for (const action of POLLER_ACTIONS) {
    try {
      authorizeQueue(parts.iam, spec, fn, [action]);
    } catch (error) {
      throw invalid(
        `The provided execution role does not have permissions to call ${action} on SQS (${(error as Error).message})`,
      );
    }
  }
  if (!parts.queues.has(spec.queueName)) {
    throw invalid(
      "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.",
    );
  }
  const visibility = parts.queues.describe(spec.queueName).attributes.visibilityTimeoutSeconds;
  if (visibility < fn.timeout) {
    throw invalid(
      `Queue visibility timeout: ${visibility} seconds is less than Function timeout: ${fn.timeout} seconds`,
    );
  }
}
