import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";
import { tags } from "../tags";
import { type Alarm, alarmList, type Watched } from "./alarm-list";
import { Topic } from "./topic";

export interface AlarmsArgs {
  settings: Settings;
  watched: Watched;
}

/** One topic, and an alarm for everything that somebody should be woken for. */
export class Alarms extends pulumi.ComponentResource {
  readonly alarms: aws.cloudwatch.MetricAlarm[];

  constructor(logicalName: string, args: AlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nami:alarms:Alarms", logicalName, {}, opts);
    const { settings, watched } = args;
    const topic = new Topic(`${logicalName}-alarms`, settings, { parent: this });
    this.alarms = alarmList(watched).map((alarm) => this.alarm(logicalName, alarm, settings.name, topic));
    this.registerOutputs();
  }

  private alarm(logicalName: string, alarm: Alarm, name: string, topic: Topic): aws.cloudwatch.MetricAlarm {
    const own = `${logicalName}-${alarm.suffix}`;
    const told = [topic.topic.arn];
    return new aws.cloudwatch.MetricAlarm(
      own,
      {
        alarmDescription: alarm.description,
        namespace: alarm.namespace,
        metricName: alarm.metric,
        ...(alarm.dimensions && { dimensions: alarm.dimensions }),
        statistic: alarm.statistic,
        period: alarm.period,
        evaluationPeriods: alarm.periods,
        threshold: alarm.threshold,
        comparisonOperator: "GreaterThanThreshold",
        // A queue that nobody uses and a function that nobody calls have no metrics.
        treatMissingData: alarm.steady ? "missing" : "notBreaching",
        alarmActions: told,
        okActions: told,
        ...(alarm.steady && { insufficientDataActions: told }),
        tags: tags(name, own),
      },
      { parent: this, dependsOn: [topic.policy] },
    );
  }
}
