import { type TypeTable, tags } from "../property-table";

export const instanceProfile: TypeTable = {
  type: "aws:iam/instanceProfile:InstanceProfile",
  autoName: { property: "name", maxLength: 128 },
  inputs: {
    ...tags,
    name: { type: "string", replaces: true },
    namePrefix: { type: "string", replaces: true },
    path: { type: "string", default: "/", replaces: true, only: ["/"] },
    role: { type: "string" },
  },
  outputs: { arn: {}, createDate: {}, uniqueId: {} },
};
