import { AwsError } from "../aws-error";
import { type Statistic, statisticOf, statistics } from "../metrics/statistics";
import type { MetricId, Metrics } from "../services";

interface Request {
  Namespace?: string;
  MetricName?: string;
  Dimensions?: { Name: string; Value: string }[];
  /** Seconds since the epoch. */
  StartTime?: number;
  EndTime?: number;
  Period?: number;
  Statistics?: string[];
}

/** AWS's limit of one call. */
const MAX_DATAPOINTS = 1_440;

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}

function given<T>(request: Request, name: keyof Request): T {
  const value = request[name];
  if (value === undefined) throw new AwsError("MissingParameter", `The parameter ${name} is required.`);
  return value as T;
}

/** Throws AwsError MissingParameter, InvalidParameterValue. */
function parse(request: Request) {
  const period = given<number>(request, "Period");
  if (!Number.isInteger(period) || period < 60 || period % 60 !== 0) {
    throw invalid("The parameter Period must be a multiple of 60.");
  }
  const names = given<Statistic[]>(request, "Statistics");
  if (names.length === 0 || names.some((name) => !statistics.includes(name))) {
    throw invalid(`The parameter Statistics may be: ${statistics.join(", ")}.`);
  }
  const length = period * 1000;
  const start = Math.floor((given<number>(request, "StartTime") * 1000) / length) * length;
  const end = given<number>(request, "EndTime") * 1000;
  if (!(start < end)) throw invalid("The parameter StartTime must be less than the parameter EndTime.");
  if ((end - start) / length > MAX_DATAPOINTS) {
    throw invalid(`You have requested more datapoints than the limit of ${MAX_DATAPOINTS}.`);
  }
  return { names, length, start, end };
}

/** Reads a metric back: GetMetricStatistics. */
export function metricStatistics(metrics: Metrics, request: Request) {
  const id: MetricId = {
    namespace: given(request, "Namespace"),
    name: given(request, "MetricName"),
    dimensions: Object.fromEntries((request.Dimensions ?? []).map(({ Name, Value }) => [Name, Value])),
  };
  const { names, length, start, end } = parse(request);
  const datapoints: Record<string, unknown>[] = [];
  for (let at = start; at < end; at += length) {
    const measured = metrics.read(id, at, at + length);
    if (!measured) continue;
    const values = names.map((name) => [name, statisticOf(measured, name)]);
    datapoints.push({ Timestamp: at / 1000, ...Object.fromEntries(values), Unit: "None" });
  }
  return { Label: id.name, Datapoints: datapoints };
}
