import { region, type TypeTable } from "../property-table";

/** Mail only. `filterPolicy` and what else chooses or shapes messages is not listed. */
export const topicSubscription: TypeTable = {
  type: "aws:sns/topicSubscription:TopicSubscription",
  inputs: {
    ...region,
    confirmationTimeoutInMinutes: { type: "number", default: 1 },
    endpoint: { type: "string", required: true, replaces: true },
    endpointAutoConfirms: { type: "boolean", default: false },
    protocol: { type: "string", required: true, replaces: true, only: ["email"] },
    rawMessageDelivery: { type: "boolean", default: false, only: [false] },
    topic: { type: "string", required: true, replaces: true },
  },
  outputs: { arn: {}, confirmationWasAuthenticated: {}, ownerId: {}, pendingConfirmation: {} },
};
