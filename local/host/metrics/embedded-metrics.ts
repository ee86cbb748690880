import type { MetricId } from "./contract";

/** A sample of a metric, as a log event holds it. */
export interface EmbeddedSample {
  id: MetricId;
  values: number[];
  /** Milliseconds since the epoch. */
  at: number;
}

const MAX_DIRECTIVE_METRICS = 100;
const MAX_DIMENSIONS = 30;
const MAX_VALUES = 100;

type Document = Record<string, unknown>;

/** What a document that breaks the specification is: no metric at all. */
class Malformed extends Error {}

function need<T>(value: T | undefined | false): T {
  if (value === undefined || value === false) throw new Malformed();
  return value;
}

const isObject = (value: unknown): value is Document =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value: unknown) => need(Array.isArray(value) && (value as unknown[]));
const text = (value: unknown) => need(typeof value === "string" && value !== "" && value);

/** The metric's own member of the root: a number, or up to a hundred. */
function valuesOf(root: Document, name: string): number[] {
  const target = Object.hasOwn(root, name) ? root[name] : undefined;
  const values = Array.isArray(target) ? target : [target];
  need(values.length > 0 && values.length <= MAX_VALUES && values.every(Number.isFinite));
  return values as number[];
}

function dimensionsOf(root: Document, set: unknown): Record<string, string> {
  const names = list(set).map(text);
  need(names.length <= MAX_DIMENSIONS);
  return Object.fromEntries(names.map((name) => [name, text(Object.hasOwn(root, name) && root[name])]));
}

function samplesOf(root: Document, directive: unknown, at: number): EmbeddedSample[] {
  const { Namespace, Dimensions, Metrics } = need(isObject(directive) && directive);
  const namespace = text(Namespace);
  const sets = list(Dimensions).map((set) => dimensionsOf(root, set));
  const names = list(Metrics).map((metric) => text(isObject(metric) && metric.Name));
  need(sets.length > 0 && names.length <= MAX_DIRECTIVE_METRICS);
  return names.flatMap((name) => {
    const values = valuesOf(root, name);
    return sets.map((dimensions) => ({ id: { namespace, name, dimensions }, values, at }));
  });
}

/**
 * The samples in a log event of CloudWatch's embedded metric format. The event must be the JSON object and nothing
 * else: what console.log writes has time and request id before it and is none here.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @returns nothing for an event of another kind, and for a document that breaks the specification anywhere
 */
export function embeddedSamples(root: unknown): EmbeddedSample[] {
  if (!isObject(root) || !isObject(root._aws)) return [];
  const { Timestamp, CloudWatchMetrics } = root._aws;
  try {
    const at = need(Number.isInteger(Timestamp) && (Timestamp as number));
    return list(CloudWatchMetrics).flatMap((directive) => samplesOf(root, directive, at));
  } catch (error) {
    if (error instanceof Malformed) return [];
    throw error;
  }
}
