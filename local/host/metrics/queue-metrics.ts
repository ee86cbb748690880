import type { Metrics, Queues } from "../services";

interface Parts {
  queues: Pick<Queues, "names" | "counts">;
  metrics: Metrics;
}

/**
 * AWS/SQS. A queue is asked, not told of: its counts come from the index of what is hidden and cost the same whether
 * ten or a million messages wait. SQS sends each of these metrics once a minute, so each minute has one sample: the
 * highest seen, so that what was there for seconds is not missed.
 */
export function sampleQueues({ queues, metrics }: Parts): void {
  for (const name of queues.names()) {
    const { visible, inFlight, oldestSeconds } = queues.counts(name);
    const level = (metric: string, value: number) =>
      metrics.metric({ namespace: "AWS/SQS", name: metric, dimensions: { QueueName: name } }).level(value);
    level("ApproximateNumberOfMessagesVisible", visible);
    level("ApproximateNumberOfMessagesNotVisible", inFlight);
    level("ApproximateAgeOfOldestMessage", oldestSeconds);
  }
}
