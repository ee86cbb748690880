import { AwsError } from "../aws-error";
import { embeddedSamples } from "../metrics/embedded-metrics";
import type { LogMetrics, Metric, MetricFilterSpec, Metrics } from "../services";
import { EventText, parseSelector, SELECTOR, type Selector, select } from "./event-text";
import { isJsonPattern, parsePattern } from "./filter-pattern";
import type { Test } from "./json-pattern";

interface Filter {
  matches: Test;
  /** Undefined for an event that lacks one of the dimensions. */
  metric(event: EventText): Metric | undefined;
  /** Of an event that matches; undefined when it has none. */
  value(event: EventText): number | undefined;
  defaultValue?: number;
}

/** Metrics that are read off log events: by the filters of a group, and from what a function embeds. */
export function createLogMetrics(metrics: Metrics): LogMetrics {
  return new LocalLogMetrics(metrics);
}

class LocalLogMetrics implements LogMetrics {
  /** By log group, then by the filter's name. */
  private readonly filters = new Map<string, Map<string, Filter>>();

  constructor(private readonly metrics: Metrics) {}

  putFilter(spec: MetricFilterSpec): void {
    const { defaultValue } = spec;
    const filter: Filter = {
      matches: parsePattern(spec.pattern),
      metric: metricOf(spec, this.metrics),
      value: readerOf(spec),
      ...(defaultValue === undefined ? {} : { defaultValue }),
    };
    const group = this.filters.get(spec.logGroup) ?? new Map<string, Filter>();
    this.filters.set(spec.logGroup, group.set(spec.name, filter));
  }

  removeFilter(logGroup: string, name: string): void {
    this.filters.get(logGroup)?.delete(name);
  }

  read(logGroup: string, text: string): void {
    const filters = this.filters.get(logGroup);
    const embeds = text.startsWith("{") && text.includes('"_aws"');
    if (!filters && !embeds) return;
    const event = new EventText(text);
    if (embeds) this.readEmbedded(event.json);
    for (const filter of filters?.values() ?? []) count(filter, event);
  }

  private readEmbedded(root: unknown): void {
    for (const { id, values, at } of embeddedSamples(root)) {
      const metric = this.metrics.metric(id);
      for (const value of values) metric.add(value, at);
    }
  }
}

function count(filter: Filter, event: EventText): void {
  const value = filter.matches(event) ? filter.value(event) : filter.defaultValue;
  if (value !== undefined) filter.metric(event)?.add(value);
}

function metricOf(spec: MetricFilterSpec, metrics: Metrics): Filter["metric"] {
  const { namespace, metricName: name, dimensions = {} } = spec;
  const fields = Object.entries(dimensions).map(([key, field]) => [key, selectorOf(field, spec)] as const);
  if (fields.length === 0) {
    const metric = metrics.metric({ namespace, name, dimensions: {} });
    return () => metric;
  }
  return (event) => {
    const found = fields.map(([key, field]) => [key, select(event, field)] as const);
    if (found.some(([, value]) => value === undefined || value === null)) return undefined;
    const values = Object.fromEntries(found.map(([key, value]) => [key, String(value)]));
    return metrics.metric({ namespace, name, dimensions: values });
  };
}

/** A number, or `$.field` of the event: a number, or text that is one, as the access log writes numbers. */
function readerOf(spec: MetricFilterSpec): Filter["value"] {
  const fixed = toNumber(spec.value);
  if (fixed !== undefined) return () => fixed;
  const selector = selectorOf(spec.value, spec);
  return (event) => toNumber(select(event, selector));
}

function selectorOf(field: string, { pattern }: MetricFilterSpec): Selector {
  if (!SELECTOR.test(field) || !isJsonPattern(pattern)) {
    throw new AwsError("InvalidParameterException", `Invalid metric transformation: the value "${field}".`);
  }
  return parseSelector(field);
}

function toNumber(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
