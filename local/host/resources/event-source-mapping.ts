import { randomUUID } from "node:crypto";
import type { Inputs, Outputs, ResourceRecord } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { thing } from "../propagation";
import type { MappingSpec, ResourceKind, Services } from "../services";
import { functionName, lastPart } from "./arns";
import { queueThing } from "./queue";

const TYPE = "aws:lambda/eventSourceMapping:EventSourceMapping";

function spec(inputs: Inputs, uuid: string): MappingSpec {
  const scaling = inputs.scalingConfig as { maximumConcurrency?: number } | undefined;
  return {
    uuid,
    queueName: lastPart(String(inputs.eventSourceArn)),
    queueArn: String(inputs.eventSourceArn),
    functionName: functionName(String(inputs.functionName)),
    enabled: inputs.enabled !== false,
    batchSize: Number(inputs.batchSize),
    batchWindow: Number(inputs.maximumBatchingWindowInSeconds),
    ...(scaling?.maximumConcurrency ? { maximumConcurrency: scaling.maximumConcurrency } : {}),
    reportBatchItemFailures: ((inputs.functionResponseTypes as string[] | undefined) ?? []).includes(
      "ReportBatchItemFailures",
    ),
  };
}

function outputs(services: Services, inputs: Inputs, uuid: string): Outputs {
  const region = String(inputs.region);
  return {
    arn: arn("lambda", region, `event-source-mapping:${uuid}`),
    uuid,
    functionArn: arn("lambda", region, `function:${functionName(String(inputs.functionName))}`),
    lastModified: new Date(services.clock.now()).toISOString(),
    lastProcessingResult: "",
    state:
      services.propagation.state(thing(TYPE, uuid)) ?? (inputs.enabled === false ? "Disabled" : "Enabled"),
    stateTransitionReason: "USER_INITIATED",
  };
}

function refuseSecond(services: Services, wanted: MappingSpec): void {
  const twin = services.all(TYPE).find((record) => {
    const other = spec(record.inputs, record.id);
    return other.queueArn === wanted.queueArn && other.functionName === wanted.functionName;
  });
  if (!twin) return;
  const message =
    `An event source mapping with SQS arn ("${wanted.queueArn}") and function ("${wanted.functionName}") already exists. ` +
    `Please update or delete the existing mapping with UUID ${twin.id}`;
  throw new AwsError("ResourceConflictException", message, 409);
}

/** The record of a mapping that was changed by an API call, as `spec` has it: the stack learns of it at a refresh. */
export function withSpec(record: ResourceRecord, spec: MappingSpec): ResourceRecord {
  const { scalingConfig: _, ...rest } = record.inputs;
  const { maximumConcurrency } = spec;
  const inputs = {
    ...rest,
    enabled: spec.enabled,
    batchSize: spec.batchSize,
    maximumBatchingWindowInSeconds: spec.batchWindow,
    ...(maximumConcurrency === undefined ? {} : { scalingConfig: { maximumConcurrency } }),
  };
  return { ...record, inputs, outputs: { ...record.outputs, state: spec.enabled ? "Enabled" : "Disabled" } };
}

/** Polls once it is "Enabled"; until then it is there and does nothing, or what it did before. */
async function put(services: Services, wanted: MappingSpec, state: "Creating" | "Updating"): Promise<void> {
  services.mappings.check(wanted);
  if (services.propagation.state(queueThing(services, wanted.queueName)) === "creating") {
    throw new AwsError(
      "InvalidParameterValueException",
      "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.",
    );
  }
  const enable = () => services.mappings.put(wanted, { check: false });
  await services.propagation.begin(thing(TYPE, wanted.uuid), state, enable);
  const passing = services.propagation.state(thing(TYPE, wanted.uuid)) !== undefined;
  if (passing && state === "Creating") services.mappings.put({ ...wanted, enabled: false }, { check: false });
}

function refuseWhilePassing(services: Services, uuid: string): void {
  if (!services.propagation.state(thing(TYPE, uuid))) return;
  const message = "Cannot update the event source mapping because it is in use.";
  throw new AwsError("ResourceInUseException", message);
}

export const eventSourceMapping: ResourceKind = {
  type: TYPE,
  async create(services, { inputs }) {
    const uuid = randomUUID();
    const wanted = spec(inputs, uuid);
    refuseSecond(services, wanted);
    await put(services, wanted, "Creating");
    return { id: uuid, outputs: outputs(services, inputs, uuid) };
  },
  async restore(services, record) {
    const kept = spec(record.inputs, record.id);
    // What the sandboxes of the last host had in hand need not wait out its visibility timeout, and AWS would not have
    // counted a try that a restart has ended.
    services.queues.giveBackAll(kept.queueName);
    services.mappings.put(kept, { check: false });
  },
  async update(services, record, inputs) {
    refuseWhilePassing(services, record.id);
    await put(services, spec(inputs, record.id), "Updating");
    return outputs(services, inputs, record.id);
  },
  async delete(services, record) {
    refuseWhilePassing(services, record.id);
    await services.propagation.begin(thing(TYPE, record.id), "Deleting", () =>
      services.mappings.remove(record.id),
    );
  },
  async read(services, record) {
    const { state } = outputs(services, record.inputs, record.id);
    return { ...record.outputs, state, lastProcessingResult: services.mappings.lastResult(record.id) };
  },
};
