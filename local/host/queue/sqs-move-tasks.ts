import { AwsError } from "../aws-error";
import type { MoveTask } from "./move-task-table";
import { queueNameOfArn } from "./rules";
import { optionalNumber, optionalText, text } from "./sqs-input";
import type { SqsAction, SqsRequest } from "./sqs-request";

type Output = Record<string, unknown>;

/** The task acts with the caller's rights, so those are asked for at the start. */
function start(request: SqsRequest): Output {
  const { queues } = request.options;
  const sourceArn = text(request.input, "SourceArn");
  const destinationArn = optionalText(request.input, "DestinationArn");
  const needed = [request.permission, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
  for (const action of needed) request.authorize(action, sourceArn);
  const sources = queues.deadLetterSources(queueNameOfArn(sourceArn)).map((name) => request.arn(name));
  for (const target of destinationArn ? [destinationArn] : sources)
    request.authorize("sqs:SendMessage", target);
  const maxMessagesPerSecond = optionalNumber(request.input, "MaxNumberOfMessagesPerSecond");
  return { TaskHandle: queues.moveTasks.start({ sourceArn, destinationArn, maxMessagesPerSecond }) };
}

function list(request: SqsRequest): Output {
  const sourceArn = text(request.input, "SourceArn");
  request.authorize(request.permission, sourceArn);
  const max = optionalNumber(request.input, "MaxResults");
  return { Results: request.options.queues.moveTasks.list(sourceArn, max).map(shape) };
}

/** AWS shows the handle of a running task only: no other can be cancelled. */
function shape(task: MoveTask): Output {
  return {
    ...(task.status === "RUNNING" && { TaskHandle: task.handle }),
    Status: task.status,
    SourceArn: task.sourceArn,
    DestinationArn: task.destinationArn,
    MaxNumberOfMessagesPerSecond: task.perSecond,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    FailureReason: task.failure,
    StartedTimestamp: task.startedAt,
  };
}

function cancel(request: SqsRequest): Output {
  const { moveTasks } = request.options.queues;
  const handle = text(request.input, "TaskHandle");
  const sourceArn = moveTasks.sourceOf(handle);
  if (!sourceArn) throw new AwsError("ResourceNotFoundException", "Task does not exist.", 404);
  request.authorize(request.permission, sourceArn);
  return { ApproximateNumberOfMessagesMoved: moveTasks.cancel(handle) };
}

export const moveTaskActions: Record<string, SqsAction> = {
  StartMessageMoveTask: start,
  ListMessageMoveTasks: list,
  CancelMessageMoveTask: cancel,
};
