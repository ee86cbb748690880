import { type TypeTable, tags } from "../property-table";

export const role: TypeTable = {
  type: "aws:iam/role:Role",
  autoName: { property: "name", maxLength: 64 },
  inputs: {
    ...tags,
    name: { type: "string", replaces: true },
    namePrefix: { type: "string", replaces: true },
    path: { type: "string", default: "/", replaces: true, only: ["/"] },
    assumeRolePolicy: { type: "json", required: true },
    description: { type: "string" },
    forceDetachPolicies: { type: "boolean", default: false },
    maxSessionDuration: { type: "number", default: 3600, min: 3600, max: 43_200 },
  },
  outputs: { arn: {}, createDate: {}, uniqueId: {} },
};
