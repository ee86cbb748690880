import { region, type TypeTable } from "../property-table";

export const queuePolicy: TypeTable = {
  type: "aws:sqs/queuePolicy:QueuePolicy",
  inputs: {
    ...region,
    policy: { type: "json", required: true },
    queueUrl: { type: "string", required: true, replaces: true },
  },
  outputs: {},
};
