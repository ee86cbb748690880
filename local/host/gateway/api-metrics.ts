import type { Metric, Metrics } from "../services";

/** AWS/ApiGateway of one HTTP API. Each request counts in 4xx and 5xx, with 0 where it was neither. */
export class ApiMetrics {
  private readonly count: Metric;
  private readonly clientErrors: Metric;
  private readonly serverErrors: Metric;
  private readonly latency: Metric;

  constructor(metrics: Metrics, apiId: string) {
    const metric = (name: string) =>
      metrics.metric({ namespace: "AWS/ApiGateway", name, dimensions: { ApiId: apiId } });
    this.count = metric("Count");
    this.clientErrors = metric("4xx");
    this.serverErrors = metric("5xx");
    this.latency = metric("Latency");
  }

  answered(status: number, ms: number): void {
    this.count.add(1);
    this.clientErrors.add(status >= 400 && status < 500 ? 1 : 0);
    this.serverErrors.add(status >= 500 ? 1 : 0);
    this.latency.add(ms);
  }
}
