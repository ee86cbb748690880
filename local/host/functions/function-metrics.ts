import type { InvokeResult, Metric, Metrics } from "../services";

/**
 * AWS/Lambda of one function. As on AWS, each invocation counts in Errors and Throttles too, with 0 where there was
 * none, so that what is well again shows.
 */
export class FunctionMetrics {
  private readonly invocations: Metric;
  private readonly errors: Metric;
  private readonly throttles: Metric;
  private readonly duration: Metric;

  constructor(metrics: Metrics, functionName: string) {
    const metric = (name: string) =>
      metrics.metric({ namespace: "AWS/Lambda", name, dimensions: { FunctionName: functionName } });
    this.invocations = metric("Invocations");
    this.errors = metric("Errors");
    this.throttles = metric("Throttles");
    this.duration = metric("Duration");
  }

  /** `ms` is undefined when the function's code did not load: nothing ran. */
  invoked({ functionError }: InvokeResult, ms?: number): void {
    this.invocations.add(1);
    this.errors.add(functionError ? 1 : 0);
    this.throttles.add(0);
    if (ms !== undefined) this.duration.add(ms);
  }

  throttled(): void {
    this.throttles.add(1);
  }
}
