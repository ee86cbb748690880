import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { metricNamespace, WATCHDOG_METRICS } from "../../runtime/metric-line";
import { REQUEST_METRICS, REQUEST_NAMESPACE, requestDimensions } from "../request-counts";
import type { Watched } from "./alarm-list";

export interface DashboardArgs {
  region: string;
  watched: Watched;
  /** ARNs; none when there are no alarms. */
  alarms: pulumi.Output<string>[];
}

/** [namespace, metric, dimension, value, {…}] as CloudWatch's dashboards have it. */
type Line = (string | pulumi.Output<string> | Record<string, string>)[];

/** One page of the CloudWatch console on which the whole way of an event is seen. */
export class Dashboard extends pulumi.ComponentResource {
  constructor(logicalName: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nami:alarms:Dashboard", logicalName, {}, opts);
    new aws.cloudwatch.Dashboard(
      logicalName,
      // As unique as the queue: a name may be deployed twice in an account, from two states.
      {
        dashboardName: args.watched.queue.apply((queue) => queue.replace(/-queue-(\w+)$/, "-$1")),
        dashboardBody: pulumi.jsonStringify({ widgets: widgets(args) }),
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}

function widgets({ region, watched, alarms }: DashboardArgs): object[] {
  const graph = (place: [x: number, y: number], title: string, stat: string, metrics: Line[]) => ({
    type: "metric",
    ...at(place),
    properties: { title, region, stat, period: 60, view: "timeSeries", metrics },
  });
  const { queue, deadLetterQueue, functions } = watched;
  const ofFunctions = (metric: string): Line[] =>
    Object.entries(functions).map(([label, fn]) => ["AWS/Lambda", metric, "FunctionName", fn, { label }]);
  const waiting = "ApproximateNumberOfMessagesVisible";
  return [
    graph([0, 0], "Events in", "Sum", [
      ["AWS/Lambda", "Invocations", "FunctionName", functions["pre-queue"]!],
    ]),
    graph([12, 0], "Waiting, and dead letters", "Maximum", [
      ["AWS/SQS", waiting, "QueueName", queue, { label: "waiting" }],
      ["AWS/SQS", waiting, "QueueName", deadLetterQueue, { label: "dead letters" }],
    ]),
    graph([0, 6], "Age of the oldest event, s", "Maximum", [
      ["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue],
    ]),
    graph([12, 6], "Time taken, p99, ms", "p99", ofFunctions("Duration")),
    graph([0, 12], "Errors", "Sum", [...ofFunctions("Errors"), ...requestLines(watched)]),
    graph([12, 12], "MongoDB: disk used in %, delivery paused", "Maximum", [
      [metricNamespace(watched.name), WATCHDOG_METRICS.disk],
      [metricNamespace(watched.name), WATCHDOG_METRICS.paused],
    ]),
    ...(alarms.length === 0
      ? []
      : [{ type: "alarm", ...at([0, 18], 24), properties: { title: "Alarms", alarms } }]),
  ];
}

function requestLines({ name, gateway }: Watched): Line[] {
  if (!gateway) return [];
  const dimensions = Object.entries(requestDimensions(gateway, name)).flat();
  return Object.values(REQUEST_METRICS).map((metric) => [REQUEST_NAMESPACE, metric, ...dimensions]);
}

/** In a grid of 24 columns. */
function at([x, y]: [number, number], width = 12) {
  return { x, y, width, height: 6 };
}
