import assert from "node:assert/strict";
import { createMetrics, sampleQueues } from "../../../../../local/host/metrics";
import { MINUTE_MS, RETENTION_MS } from "../../../../../local/host/metrics/contract";
import type { Metrics, QueueCounts, Queues } from "../../../../../local/host/services";
import { MovableClock } from "../../../../support/functions";

const ID = { namespace: "Test", name: "Size", dimensions: { Name: "orders", Part: "a" } };

describe("the metrics of the host", () => {
  let clock: MovableClock;
  let metrics: Metrics;
  beforeEach(() => {
    clock = new MovableClock();
    metrics = createMetrics(clock);
  });
  const read = (minutesBack: number, minutes = 1) => {
    const from = clock.time - minutesBack * MINUTE_MS;
    return metrics.read(ID, from, from + minutes * MINUTE_MS);
  };

  it("add up the samples of a minute", () => {
    for (const value of [3, -1, 4]) metrics.metric(ID).add(value);
    assert.deepEqual(read(0), { sum: 6, count: 3, min: -1, max: 4 });
    clock.time += MINUTE_MS;
    metrics.metric(ID).add(10);
    assert.deepEqual(read(0), { sum: 10, count: 1, min: 10, max: 10 });
    assert.deepEqual(read(1, 2), { sum: 16, count: 4, min: -1, max: 10 });
  });

  it("have no value for a minute without a sample, or for other dimensions", () => {
    assert.equal(read(0), undefined);
    metrics.metric(ID).add(1);
    assert.equal(read(1), undefined);
    assert.equal(
      metrics.read({ ...ID, dimensions: { Name: "orders" } }, clock.time, clock.time + 60_000),
      undefined,
    );
    assert.equal(metrics.read({ ...ID, name: "Other" }, clock.time, clock.time + 60_000), undefined);
  });

  it("are the same metric whatever the order of their dimensions", () => {
    metrics.metric({ ...ID, dimensions: { Part: "a", Name: "orders" } }).add(1);
    assert.equal(read(0)?.sum, 1);
  });

  it("keep one sample per minute of a level: the highest", () => {
    const metric = metrics.metric(ID);
    for (const value of [2, 5, 0]) metric.level(value);
    assert.deepEqual(read(0), { sum: 5, count: 1, min: 5, max: 5 });
    clock.time += MINUTE_MS;
    metric.level(0);
    assert.deepEqual(read(0), { sum: 0, count: 1, min: 0, max: 0 });
  });

  it("put a sample with a timestamp into its minute, unless it is too old or in the future", () => {
    const metric = metrics.metric(ID);
    metric.add(1, clock.time - 10 * MINUTE_MS);
    metric.add(2, clock.time - RETENTION_MS);
    metric.add(4, clock.time + 10 * MINUTE_MS);
    assert.equal(read(10)?.sum, 1);
    assert.equal(metrics.read(ID, 0, clock.time + 60 * MINUTE_MS)?.sum, 1);
  });

  it("are kept for three hours and no longer", () => {
    const metric = metrics.metric(ID);
    const minutes = RETENTION_MS / MINUTE_MS;
    for (let i = 0; i < minutes * 2; i++) {
      metric.add(1);
      clock.time += MINUTE_MS;
    }
    assert.equal(read(minutes, minutes)?.count, minutes);
    assert.equal(metrics.read(ID, 0, clock.time - RETENTION_MS - MINUTE_MS), undefined);
  });

  it("return nothing from before a long silence", () => {
    metrics.metric(ID).add(1);
    clock.time += 2 * RETENTION_MS;
    metrics.metric(ID).add(2);
    assert.equal(metrics.read(ID, 0, clock.time + MINUTE_MS)?.sum, 2);
  });

  it("are bounded in number: the one measured longest ago is dropped", () => {
    metrics = createMetrics(clock, 2);
    const id = (name: string) => ({ ...ID, name });
    const sum = (name: string) => metrics.read(id(name), 0, clock.time + MINUTE_MS)?.sum;
    metrics.metric(id("a")).add(1);
    clock.time += MINUTE_MS;
    metrics.metric(id("b")).add(1);
    metrics.metric(id("a")).add(1);
    clock.time += MINUTE_MS;
    metrics.metric(id("a")).add(1);
    metrics.metric(id("c")).add(1);
    assert.deepEqual(["a", "b", "c"].map(sum), [3, undefined, 1]);
  });

  it("sample every queue for AWS/SQS", () => {
    const counts: Record<string, QueueCounts> = {
      orders: { visible: 3, inFlight: 2, delayed: 9, oldestSeconds: 40 },
      dead: { visible: 1, inFlight: 0, delayed: 0, oldestSeconds: 7 },
    };
    const queues = {
      names: () => Object.keys(counts),
      counts: (name: string) => counts[name]!,
    } as Pick<Queues, "names" | "counts">;
    sampleQueues({ queues, metrics });
    const value = (QueueName: string, name: string) =>
      metrics.read(
        { namespace: "AWS/SQS", name, dimensions: { QueueName } },
        clock.time,
        clock.time + MINUTE_MS,
      )?.sum;
    assert.equal(value("orders", "ApproximateNumberOfMessagesVisible"), 3);
    assert.equal(value("orders", "ApproximateNumberOfMessagesNotVisible"), 2);
    assert.equal(value("orders", "ApproximateAgeOfOldestMessage"), 40);
    assert.equal(value("dead", "ApproximateNumberOfMessagesVisible"), 1);
  });
});
