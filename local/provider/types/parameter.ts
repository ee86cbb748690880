import { region, type TypeTable, tags } from "../property-table";

export const parameter: TypeTable = {
  type: "aws:ssm/parameter:Parameter",
  autoName: { property: "name", maxLength: 1011 },
  inputs: {
    ...region,
    ...tags,
    name: { type: "string", replaces: true },
    allowedPattern: { type: "string" },
    dataType: { type: "string", default: "text", only: ["text"] },
    description: { type: "string" },
    keyId: { type: "string" },
    overwrite: { type: "boolean" },
    tier: { type: "string", default: "Standard", only: ["Standard"] },
    type: { type: "string", required: true, only: ["String", "SecureString"] },
    value: { type: "string", required: true },
  },
  outputs: { arn: {}, hasValueWo: {}, version: { changesWith: ["value", "type"] } },
};
