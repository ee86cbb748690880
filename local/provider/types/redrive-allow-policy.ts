import { region, type TypeTable } from "../property-table";

export const redriveAllowPolicy: TypeTable = {
  type: "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
  inputs: {
    ...region,
    queueUrl: { type: "string", required: true, replaces: true },
    redriveAllowPolicy: { type: "json", required: true },
  },
  outputs: {},
};
