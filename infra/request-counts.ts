import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { routeKey } from "./route-key";

/** Metrics that are counted from the gateway's access log. */
export const REQUEST_METRICS = {
  failed: "GatewayErrors",
  throttled: "GatewayThrottles",
  refused: "RefusedRequests",
} as const;

export const REQUEST_NAMESPACE = "Nami";

/** A name's own part of those metrics. */
export function requestDimensions(apiId: pulumi.Output<string>, name: string) {
  return { Api: apiId, Route: routeKey(name) };
}

/**
 * Counts the requests that went wrong at the gateway, of each route by itself. The gateway's own metrics are of all names
 * together, and do not tell a throttled request from any other 4xx. Filters of each name would end at fifty names: a log
 * group takes a hundred.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
export class RequestCounts extends pulumi.ComponentResource {
  constructor(
    logicalName: string,
    accessLogGroup: pulumi.Output<string>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("nami:gateway:RequestCounts", logicalName, {}, opts);
    const count = (suffix: string, metric: string, status: string) =>
      new aws.cloudwatch.LogMetricFilter(
        `${logicalName}-${suffix}`,
        {
          logGroupName: accessLogGroup,
          pattern: `{ $.status = "${status}" }`,
          metricTransformation: {
            namespace: REQUEST_NAMESPACE,
            name: metric,
            value: "1",
            dimensions: { Api: "$.api", Route: "$.route" },
            unit: "Count",
          },
        },
        { parent: this },
      );
    count("errors", REQUEST_METRICS.failed, "5*");
    count("throttles", REQUEST_METRICS.throttled, "429");
    count("refusals", REQUEST_METRICS.refused, "401");
    this.registerOutputs();
  }
}
