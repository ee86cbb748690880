import { region, type TypeTable } from "../property-table";

const MAX_DIMENSIONS = 3;

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_MetricTransformation.html */
function dimensionRules({ metricTransformation }: Record<string, unknown>): string[] {
  const { dimensions, defaultValue } = (metricTransformation ?? {}) as Record<string, unknown>;
  const count = Object.keys(dimensions ?? {}).length;
  return [
    ...(count > MAX_DIMENSIONS
      ? [`metricTransformation.dimensions has ${count}; AWS allows up to ${MAX_DIMENSIONS}`]
      : []),
    ...(count > 0 && defaultValue !== undefined
      ? ["metricTransformation.dimensions is set, and so is defaultValue; AWS allows one of them"]
      : []),
  ];
}

export const logMetricFilter: TypeTable = {
  type: "aws:cloudwatch/logMetricFilter:LogMetricFilter",
  autoName: { property: "name", maxLength: 512 },
  inputs: {
    ...region,
    name: { type: "string", replaces: true },
    applyOnTransformedLogs: { type: "boolean", default: false, only: [false] },
    logGroupName: { type: "string", required: true, replaces: true },
    metricTransformation: {
      required: true,
      type: {
        object: {
          defaultValue: { type: "number" },
          dimensions: { type: "map" },
          name: { type: "string", required: true },
          namespace: { type: "string", required: true },
          unit: { type: "string", default: "None" },
          value: { type: "string", required: true },
        },
      },
    },
    pattern: { type: "string", required: true },
  },
  outputs: {},
  rules: dimensionRules,
};
