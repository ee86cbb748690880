import { region, type TypeTable, tags } from "../property-table";

/** Queues only: what belongs to streams, Kafka and MQ is not listed. */
export const eventSourceMapping: TypeTable = {
  type: "aws:lambda/eventSourceMapping:EventSourceMapping",
  inputs: {
    ...region,
    ...tags,
    eventSourceArn: { type: "string", required: true, replaces: true },
    functionName: { type: "string", required: true },
    batchSize: { type: "number", default: 10, min: 1, max: 10_000 },
    enabled: { type: "boolean", default: true },
    functionResponseTypes: { type: "set" },
    maximumBatchingWindowInSeconds: { type: "number", default: 0, min: 0, max: 300 },
    scalingConfig: { type: { object: { maximumConcurrency: { type: "number", min: 2, max: 1000 } } } },
  },
  outputs: {
    arn: {},
    uuid: {},
    functionArn: { changesWith: ["functionName"] },
    lastModified: { changesWith: "*" },
    lastProcessingResult: { changesWith: "*" },
    state: { changesWith: ["enabled"] },
    stateTransitionReason: {},
  },
  rules: ({ batchSize, maximumBatchingWindowInSeconds: window, eventSourceArn }) => [
    ...(Number(batchSize) > 10 && window === 0
      ? ["maximumBatchingWindowInSeconds must be at least 1 when batchSize is over 10"]
      : []),
    ...(typeof eventSourceArn === "string" && !eventSourceArn.startsWith("arn:aws:sqs:")
      ? [`eventSourceArn is "${eventSourceArn}"; the local target polls queues only`]
      : []),
  ],
};
