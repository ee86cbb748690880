import { region, type TypeTable } from "../property-table";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A function that a rule starts. Not listed: dead-letter queue and retry policy, for nothing is retried here. */
export const eventTarget: TypeTable = {
  type: "aws:cloudwatch/eventTarget:EventTarget",
  inputs: {
    ...region,
    arn: { type: "string", required: true },
    eventBusName: { type: "string", default: "default", replaces: true, only: ["default"] },
    forceDestroy: { type: "boolean", default: false, only: [false] },
    input: { type: "string" },
    rule: { type: "string", required: true, replaces: true },
    targetId: { type: "string", replaces: true },
  },
  outputs: { targetId: {} },
  rules: ({ arn, input }) => [
    ...(typeof arn === "string" && !arn.startsWith("arn:aws:lambda:")
      ? [`arn is "${arn}"; Nami's local target starts functions only`]
      : []),
    ...(typeof input === "string" && !isJson(input) ? ["input is not JSON"] : []),
  ],
};
