import { region, type TypeTable, tags } from "../property-table";

export const logGroup: TypeTable = {
  type: "aws:cloudwatch/logGroup:LogGroup",
  autoName: { property: "name", maxLength: 512 },
  inputs: {
    ...region,
    ...tags,
    name: { type: "string", replaces: true },
    namePrefix: { type: "string", replaces: true },
    kmsKeyId: { type: "string" },
    logGroupClass: { type: "string", default: "STANDARD", replaces: true },
    retentionInDays: { type: "number", default: 0 },
    skipDestroy: { type: "boolean", default: false, only: [false] },
  },
  outputs: { arn: {} },
};
