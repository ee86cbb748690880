import { region, type TypeTable, tags } from "../property-table";

export const volume: TypeTable = {
  type: "aws:ebs/volume:Volume",
  inputs: {
    ...region,
    ...tags,
    availabilityZone: { type: "string", required: true, replaces: true },
    encrypted: { type: "boolean", default: false, replaces: true },
    finalSnapshot: { type: "boolean", default: false, only: [false] },
    iops: { type: "number" },
    kmsKeyId: { type: "string", replaces: true },
    size: { type: "number", required: true, min: 1, max: 65_536 },
    throughput: { type: "number" },
    type: { type: "string", default: "gp2" },
  },
  outputs: { arn: {}, createTime: {} },
};
