import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { metricNamespace } from "../../runtime/metric-line";
import { REQUEST_METRICS } from "./alarm-list";

export interface RequestCountsArgs {
  /** Of the deployment. */
  name: string;
  /** Of the gateway, which all names share. */
  accessLogGroup: pulumi.Output<string>;
}

/**
 * Counts the requests of one name that went wrong at the gateway. The gateway's own metrics are of all names together,
 * and do not tell a throttled request from any other 4xx.
 */
export class RequestCounts extends pulumi.ComponentResource {
  constructor(logicalName: string, args: RequestCountsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nami:alarms:RequestCounts", logicalName, {}, opts);
    const { name, accessLogGroup } = args;
    const count = (suffix: string, metric: string, status: string) =>
      new aws.cloudwatch.LogMetricFilter(
        `${logicalName}-${suffix}`,
        {
          logGroupName: accessLogGroup,
          pattern: `{ ($.route = "ANY /${name}") && ($.status = "${status}") }`,
          metricTransformation: {
            namespace: metricNamespace(name),
            name: metric,
            value: "1",
            defaultValue: "0",
            unit: "Count",
          },
        },
        { parent: this },
      );
    count("gateway-errors", REQUEST_METRICS.failed, "5*");
    count("gateway-throttles", REQUEST_METRICS.throttled, "429");
    this.registerOutputs();
  }
}
