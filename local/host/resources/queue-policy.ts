import { AwsError } from "../aws-error";
import { thing } from "../propagation";
import type { ResourceKind } from "../services";

const QUEUE = "aws:sqs/queue:Queue";

/** A policy that stands beside its queue and has the queue's URL as its id; AWS keeps one of each sort a queue. */
function besideQueue(type: string): ResourceKind {
  return {
    type,
    async create(services, { inputs }) {
      const url = String(inputs.queueUrl);
      const coming = services.propagation.state(thing(QUEUE, url)) === "creating";
      if (coming || !services.find(QUEUE, url)) {
        throw new AwsError("QueueDoesNotExist", `The specified queue ${url} does not exist.`);
      }
      if (services.find(type, url)) {
        throw new AwsError("ResourceConflictException", `${url} has a ${type.split(":")[2]} already.`, 409);
      }
      return { id: url, outputs: {} };
    },
  };
}

/** Kept as a fact: on one account a role's own policy decides who may use a queue. */
export const queuePolicy = besideQueue("aws:sqs/queuePolicy:QueuePolicy");

/** Kept as a fact: who names a queue as its dead-letter queue is known from the same program. */
export const redriveAllowPolicy = besideQueue("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy");
