import { region, type TypeTable, tags } from "../property-table";

const UNIT = "minute|hour|day";
/** One minute, two minutes: AWS refuses the other way round. */
const RATE = new RegExp(`^rate\\((1 (${UNIT})|(?!0|1 )\\d+ (${UNIT})s)\\)$`);

/** A rule with a schedule of `rate(…)`: events of the bus, and cron, are not known here. */
export const eventRule: TypeTable = {
  type: "aws:cloudwatch/eventRule:EventRule",
  autoName: { property: "name", maxLength: 64 },
  inputs: {
    ...region,
    ...tags,
    name: { type: "string", replaces: true },
    namePrefix: { type: "string", replaces: true },
    description: { type: "string" },
    eventBusName: { type: "string", default: "default", replaces: true, only: ["default"] },
    forceDestroy: { type: "boolean", default: false, only: [false] },
    scheduleExpression: { type: "string", required: true },
    state: { type: "string", default: "ENABLED", only: ["ENABLED", "DISABLED"] },
  },
  outputs: { arn: {} },
  rules: ({ scheduleExpression }) =>
    typeof scheduleExpression === "string" && !RATE.test(scheduleExpression)
      ? [
          `scheduleExpression is "${scheduleExpression}"; Nami's local target can do rate(1 minute), rate(5 minutes), rate(1 hour), rate(2 days) and the like only`,
        ]
      : [],
};
