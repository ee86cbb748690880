import { region, type TypeTable } from "../property-table";

/** `dimensions` is not listed: a filter here measures one metric. */
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
};
