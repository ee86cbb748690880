import type * as pulumi from "@pulumi/pulumi";
import { metricNamespace, WATCHDOG_METRICS } from "../../runtime/metric-line";
import { REQUEST_METRICS, REQUEST_NAMESPACE, requestDimensions } from "../request-counts";

/** One alarm, in CloudWatch's words. */
export interface Alarm {
  /** Ends its logical name. */
  suffix: string;
  /** What a person reads in a mail at 3 a.m.: what is the matter, and what to run. */
  description: string;
  namespace: string;
  metric: string;
  dimensions?: Record<string, pulumi.Input<string>>;
  statistic: "Sum" | "Maximum";
  /** Seconds. */
  period: number;
  /** So many periods after another. */
  periods: number;
  /** Goes off above it. */
  threshold: number;
  /** It is measured every minute: nothing measured is told, too. */
  steady?: true;
}

/** What is watched. Function and queue names as AWS has them. */
export interface Watched {
  name: string;
  queue: pulumi.Output<string>;
  deadLetterQueue: pulumi.Output<string>;
  /** By what the function is called in messages: "pre-queue" … */
  functions: Record<string, pulumi.Output<string>>;
  /** The id of its API; undefined where it writes no access log that could be counted. */
  gateway: pulumi.Output<string> | undefined;
  /** Whether requests are verified, so that some may be refused. */
  verified: boolean;
}

/** Events that are not stored after so long are late. Seconds. */
const LATE = 900;
/**
 * Of the watchdog, whose next round comes in a minute: while a host takes the place of another, one may ask for a mapping
 * that it may not see yet.
 */
export const ROUNDS_FORGIVEN = 2;
/** A host that boots for the first time takes two or three minutes. */
const PAUSED_MINUTES = 5;
const DISK_PERCENT = 85;

/** Every alarm of a name. */
export function alarmList(watched: Watched): Alarm[] {
  return [
    deadLetters(watched),
    oldest(watched),
    ...Object.entries(watched.functions).map(([kind, fn]) => errors(watched.name, kind, fn)),
    ...(watched.gateway ? requests(watched.name, watched.gateway, watched.verified) : []),
    ...fromWatchdog(watched.name),
  ];
}

function deadLetters({ name, deadLetterQueue }: Watched): Alarm {
  return {
    suffix: "dead-letters",
    description: `Events of ${name} could not be stored and are in the dead-letter queue. See: nami status ${name}`,
    namespace: "AWS/SQS",
    // Not NumberOfMessagesSent: what SQS itself moves there is not counted by it.
    metric: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: deadLetterQueue },
    statistic: "Maximum",
    period: 60,
    periods: 1,
    threshold: 0,
  };
}

function oldest({ name, queue }: Watched): Alarm {
  return {
    suffix: "oldest-event",
    description: `An event of ${name} waits for more than ${LATE / 60} minutes to be stored. See: nami status ${name}`,
    namespace: "AWS/SQS",
    metric: "ApproximateAgeOfOldestMessage",
    dimensions: { QueueName: queue },
    statistic: "Maximum",
    period: 60,
    periods: 1,
    threshold: LATE,
  };
}

function errors(name: string, kind: string, fn: pulumi.Output<string>): Alarm {
  return {
    suffix: `${kind}-errors`,
    description: `The ${kind} function of ${name} failed: it threw, or took too long. See its log: nami status ${name}`,
    namespace: "AWS/Lambda",
    metric: "Errors",
    dimensions: { FunctionName: fn },
    statistic: "Sum",
    period: 300,
    periods: 1,
    threshold: kind === "watchdog" ? ROUNDS_FORGIVEN : 0,
  };
}

/** So many refused requests in five minutes are no stranger who tries the door. */
const REFUSED = 20;

function requests(name: string, gateway: pulumi.Output<string>, verified: boolean): Alarm[] {
  const counted = {
    namespace: REQUEST_NAMESPACE,
    dimensions: requestDimensions(gateway, name),
    statistic: "Sum",
    period: 300,
    periods: 1,
  } as const;
  return [
    {
      ...counted,
      suffix: "gateway-errors",
      description: `Senders to ${name} were answered 5xx; most try again. See: nami status ${name}`,
      metric: REQUEST_METRICS.failed,
      threshold: 0,
    },
    {
      ...counted,
      suffix: "gateway-throttles",
      description: `Senders to ${name} were answered 429: more came than the throttle lets in. See: nami gateway show`,
      metric: REQUEST_METRICS.throttled,
      threshold: 0,
    },
    ...(verified
      ? [
          {
            ...counted,
            suffix: "refusals",
            description: `More than ${REFUSED} requests to ${name} were refused in five minutes: a wrong secret, or somebody without one. See: nami rejected ${name}`,
            metric: REQUEST_METRICS.refused,
            threshold: REFUSED,
          },
        ]
      : []),
  ];
}

function fromWatchdog(name: string): Alarm[] {
  const measured = { namespace: metricNamespace(name), statistic: "Maximum", period: 60 } as const;
  return [
    {
      ...measured,
      suffix: "paused",
      description: `Nothing of ${name} is stored: delivery to the worker is paused, by the watchdog because MongoDB does not answer or takes no write, or by hand. Events wait in the queue. See: nami status ${name}`,
      metric: WATCHDOG_METRICS.paused,
      periods: PAUSED_MINUTES,
      threshold: 0,
      // Whoever pauses and resumes is dead, or its clock is.
      steady: true,
    },
    {
      ...measured,
      suffix: "disk",
      description: `The disk of the MongoDB of ${name} is more than ${DISK_PERCENT} % full. Grow it: nami up ${name} --volume-size GB`,
      metric: WATCHDOG_METRICS.disk,
      periods: 5,
      threshold: DISK_PERCENT,
    },
  ];
}
