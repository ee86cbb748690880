import { randomUUID } from "node:crypto";
import type { Inputs, Outputs, ResourceRecord } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import type { MappingSpec, ResourceKind, Services } from "../services";
import { functionName, lastPart } from "./arns";

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
    state: inputs.enabled === false ? "Disabled" : "Enabled",
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

export const eventSourceMapping: ResourceKind = {
  type: TYPE,
  async create(services, { inputs }) {
    const uuid = randomUUID();
    const wanted = spec(inputs, uuid);
    refuseSecond(services, wanted);
    services.mappings.put(wanted);
    return { id: uuid, outputs: outputs(services, inputs, uuid) };
  },
  async restore(services, record) {
    const kept = spec(record.inputs, record.id);
    // The sandboxes of a killed host died with it: what they had in hand need not wait out its visibility timeout.
    services.queues.release(kept.queueName);
    services.mappings.put(kept, { check: false });
  },
  async update(services, record, inputs) {
    services.mappings.put(spec(inputs, record.id));
    return outputs(services, inputs, record.id);
  },
  async delete(services, record) {
    await services.mappings.remove(record.id);
  },
  async read(services, record) {
    return { ...record.outputs, lastProcessingResult: services.mappings.lastResult(record.id) };
  },
};
