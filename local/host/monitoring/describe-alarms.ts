import { AwsError } from "../aws-error";
import type { AlarmStatus } from "../services";

interface Request {
  AlarmNames?: string[];
  AlarmNamePrefix?: string;
  StateValue?: string;
  MaxRecords?: number;
  NextToken?: string;
}

const DEFAULT_RECORDS = 50;
const MAX_RECORDS = 100;

/** Times travel as seconds since the epoch. */
const seconds = (ms: number) => ms / 1000;

function describe({ spec, state, reason, since, configuredAt }: AlarmStatus) {
  const { metric, actions } = spec;
  return {
    AlarmName: spec.name,
    AlarmArn: spec.arn,
    ...(spec.description === undefined ? {} : { AlarmDescription: spec.description }),
    AlarmConfigurationUpdatedTimestamp: seconds(configuredAt),
    ActionsEnabled: spec.actionsEnabled,
    OKActions: actions.OK,
    AlarmActions: actions.ALARM,
    InsufficientDataActions: actions.INSUFFICIENT_DATA,
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: seconds(since),
    StateTransitionedTimestamp: seconds(since),
    MetricName: metric.name,
    Namespace: metric.namespace,
    Statistic: spec.statistic,
    Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
    Period: spec.period,
    EvaluationPeriods: spec.evaluationPeriods,
    DatapointsToAlarm: spec.datapointsToAlarm,
    Threshold: spec.threshold,
    ComparisonOperator: spec.comparisonOperator,
    TreatMissingData: spec.treatMissingData,
  };
}

function matches(
  { AlarmNames, AlarmNamePrefix, StateValue }: Request,
  { spec, state }: AlarmStatus,
): boolean {
  return (
    (!AlarmNames?.length || AlarmNames.includes(spec.name)) &&
    spec.name.startsWith(AlarmNamePrefix ?? "") &&
    (StateValue === undefined || StateValue === state)
  );
}

/** Throws AwsError InvalidNextToken, InvalidParameterValue, InvalidParameterCombination. */
export function describeAlarms(alarms: AlarmStatus[], request: Request) {
  const { AlarmNames, AlarmNamePrefix, MaxRecords = DEFAULT_RECORDS, NextToken = "0" } = request;
  if (AlarmNames?.length && AlarmNamePrefix !== undefined) {
    throw new AwsError(
      "InvalidParameterCombination",
      "The parameters AlarmNames and AlarmNamePrefix exclude each other.",
    );
  }
  if (!Number.isInteger(MaxRecords) || MaxRecords < 1 || MaxRecords > MAX_RECORDS) {
    throw new AwsError("InvalidParameterValue", `MaxRecords must be between 1 and ${MAX_RECORDS}.`);
  }
  if (!/^\d+$/.test(NextToken)) throw new AwsError("InvalidNextToken", "The next token is invalid.");
  const found = alarms.filter((alarm) => matches(request, alarm));
  const from = Number(NextToken);
  const to = from + MaxRecords;
  return {
    MetricAlarms: found.slice(from, to).map(describe),
    CompositeAlarms: [],
    ...(to < found.length ? { NextToken: String(to) } : {}),
  };
}
