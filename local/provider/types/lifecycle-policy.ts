import { type Properties, region, type TypeTable, tags } from "../property-table";

const retainRule: Properties = {
  count: { type: "number", min: 1, max: 1000 },
  interval: { type: "number", min: 1 },
  intervalUnit: { type: "string", only: ["DAYS", "WEEKS", "MONTHS", "YEARS"] },
};

const createRule: Properties = {
  cronExpression: { type: "string" },
  interval: { type: "number", only: [1, 2, 3, 4, 6, 8, 12, 24] },
  intervalUnit: { type: "string", only: ["HOURS"] },
  location: { type: "string", only: ["CLOUD"] },
  times: { type: "string" },
};

const schedule: Properties = {
  copyTags: { type: "boolean", replaces: true },
  createRule: { type: { object: createRule }, required: true },
  name: { type: "string", required: true },
  retainRule: { type: { object: retainRule }, required: true },
  tagsToAdd: { type: "map" },
};

interface Schedule {
  createRule?: { cronExpression?: string; interval?: number; times?: string };
  retainRule?: { count?: number; interval?: number };
}

function scheduleRules({ createRule, retainRule }: Schedule): string[] {
  // Not known yet, in a preview.
  if (typeof createRule !== "object" || typeof retainRule !== "object") return [];
  const { cronExpression, interval, times } = createRule;
  return [
    ...((cronExpression === undefined) === (interval === undefined)
      ? ["policyDetails has a schedule that wants either createRule.interval or createRule.cronExpression"]
      : []),
    ...(times !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(times)
      ? [`policyDetails has createRule.times "${times}"; AWS wants hh:mm`]
      : []),
    ...((retainRule.count === undefined) === (retainRule.interval === undefined)
      ? ["policyDetails has a schedule that wants either retainRule.count or retainRule.interval"]
      : []),
  ];
}

/** Snapshots of tagged volumes. Policies for machines, images and events, and AWS's default policies, are not listed. */
export const lifecyclePolicy: TypeTable = {
  type: "aws:dlm/lifecyclePolicy:LifecyclePolicy",
  inputs: {
    ...region,
    ...tags,
    description: { type: "string", required: true },
    executionRoleArn: { type: "string", required: true },
    policyDetails: {
      required: true,
      type: {
        object: {
          policyType: {
            type: "string",
            default: "EBS_SNAPSHOT_MANAGEMENT",
            only: ["EBS_SNAPSHOT_MANAGEMENT"],
          },
          resourceLocations: { type: "string", only: ["CLOUD"] },
          resourceTypes: { type: "strings", required: true },
          schedules: { type: { list: schedule }, required: true },
          targetTags: { type: "map", required: true },
        },
      },
    },
    state: { type: "string", default: "ENABLED", only: ["ENABLED", "DISABLED"] },
  },
  outputs: { arn: {} },
  rules: ({ description, policyDetails }) => {
    const { resourceTypes, schedules } = (policyDetails ?? {}) as Record<string, unknown>;
    return [
      ...(typeof description === "string" && !/^[0-9A-Za-z _-]{1,500}$/.test(description)
        ? [`description is "${description}"; AWS allows letters, digits, spaces, _ and -, up to 500`]
        : []),
      ...(Array.isArray(resourceTypes) && resourceTypes.join() !== "VOLUME"
        ? [`policyDetails has resourceTypes ${resourceTypes.join()}; Nami's local target can do VOLUME only`]
        : []),
      ...(Array.isArray(schedules) ? (schedules as Schedule[]).flatMap(scheduleRules) : []),
    ];
  },
};
