import { LOCAL_ACCOUNT } from "../../protocol";
import type { AwsCall, AwsHandler, AwsReply } from "../aws-call";
import { AwsError } from "../aws-error";
import type { Alarms, Iam, Metrics } from "../services";
import { describeAlarms } from "./describe-alarms";
import { metricStatistics } from "./metric-statistics";

const CONTENT_TYPE = "application/x-amz-json-1.0";

/** What the JSON protocol calls an error that has another name in the older query protocol. */
const TYPES: Record<string, string> = {
  AccessDenied: "com.amazon.coral.service#AccessDeniedException",
  InvalidParameterCombination: "com.amazonaws.cloudwatch#InvalidParameterCombinationException",
  InvalidParameterValue: "com.amazonaws.cloudwatch#InvalidParameterValueException",
  MissingParameter: "com.amazonaws.cloudwatch#MissingRequiredParameterException",
};

/** CloudWatch's words for its errors, in both of its protocols. */
export function monitoringError(error: AwsError): AwsReply {
  const fault = error.httpStatus >= 500 ? "Receiver" : "Sender";
  const type = TYPES[error.code] ?? `com.amazonaws.cloudwatch#${error.code}`;
  return {
    status: error.httpStatus,
    headers: { "content-type": CONTENT_TYPE, "x-amzn-query-error": `${error.code};${fault}` },
    body: JSON.stringify({ __type: type, message: error.message }),
  };
}

export interface MonitoringOptions {
  alarms: Alarms;
  metrics: Metrics;
  iam: Iam;
}

function requestOf(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString() || "{}");
  } catch {
    throw new AwsError("SerializationException", "The request is not JSON.");
  }
}

function answer({ alarms, metrics, iam }: MonitoringOptions, call: AwsCall): unknown {
  const target = call.headers["x-amz-target"] ?? "";
  const request = () => requestOf(call.body);
  switch (target) {
    case "GraniteServiceVersion20100801.DescribeAlarms": {
      const arn = `arn:aws:cloudwatch:${call.region}:${LOCAL_ACCOUNT}:alarm:*`;
      iam.authorize(call.identity, "cloudwatch:DescribeAlarms", arn);
      return describeAlarms(alarms.list(), request());
    }
    case "GraniteServiceVersion20100801.GetMetricStatistics":
      iam.authorize(call.identity, "cloudwatch:GetMetricStatistics", "*");
      return metricStatistics(metrics, request());
    default:
      throw new AwsError("InvalidAction", `The local target has no CloudWatch action ${target}.`);
  }
}

/** CloudWatch over AWS's JSON 1.0 protocol: DescribeAlarms and GetMetricStatistics. Register it with `monitoringError`. */
export function createMonitoringHandler(options: MonitoringOptions): AwsHandler {
  return async (call) => ({
    status: 200,
    headers: { "content-type": CONTENT_TYPE },
    body: JSON.stringify(answer(options, call)),
  });
}
