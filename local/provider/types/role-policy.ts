import type { TypeTable } from "../property-table";

export const rolePolicy: TypeTable = {
  type: "aws:iam/rolePolicy:RolePolicy",
  autoName: { property: "name", maxLength: 128 },
  inputs: {
    name: { type: "string", replaces: true },
    namePrefix: { type: "string", replaces: true },
    policy: { type: "json", required: true },
    role: { type: "string", required: true, replaces: true },
  },
  outputs: {},
};
