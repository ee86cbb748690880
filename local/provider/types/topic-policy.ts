import { region, type TypeTable } from "../property-table";

export const topicPolicy: TypeTable = {
  type: "aws:sns/topicPolicy:TopicPolicy",
  inputs: {
    ...region,
    arn: { type: "string", required: true, replaces: true },
    policy: { type: "json", required: true },
  },
  outputs: { owner: {} },
};
