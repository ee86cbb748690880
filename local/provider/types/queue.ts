import { region, type TypeTable, tags } from "../property-table";

export const queue: TypeTable = {
  type: "aws:sqs/queue:Queue",
  autoName: { property: "name", maxLength: 80 },
  inputs: {
    ...region,
    ...tags,
    name: { type: "string", replaces: true },
    namePrefix: { type: "string", replaces: true },
    fifoQueue: { type: "boolean", default: false, replaces: true, only: [false] },
    delaySeconds: { type: "number", default: 0, min: 0, max: 900 },
    kmsDataKeyReusePeriodSeconds: { type: "number", default: 300, min: 60, max: 86_400 },
    kmsMasterKeyId: { type: "string" },
    maxMessageSize: { type: "number", default: 262_144, min: 1024, max: 1_048_576 },
    messageRetentionSeconds: { type: "number", default: 345_600, min: 60, max: 1_209_600 },
    policy: { type: "json" },
    receiveWaitTimeSeconds: { type: "number", default: 0, min: 0, max: 20 },
    redriveAllowPolicy: { type: "json" },
    redrivePolicy: { type: "json" },
    sqsManagedSseEnabled: { type: "boolean", default: true },
    visibilityTimeoutSeconds: { type: "number", default: 30, min: 0, max: 43_200 },
  },
  outputs: { arn: {}, url: {} },
};
