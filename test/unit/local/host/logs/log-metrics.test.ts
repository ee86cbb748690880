import assert from "node:assert/strict";
import { createLogMetrics } from "../../../../../local/host/logs";
import { createMetrics } from "../../../../../local/host/metrics";
import type { LogMetrics, MetricFilterSpec, Metrics } from "../../../../../local/host/services";
import { MovableClock } from "../../../../support/functions";

const GROUP = "/aws/vendedlogs/apis/gateway";

describe("the metrics read from logs", () => {
  let clock: MovableClock;
  let metrics: Metrics;
  let logs: LogMetrics;
  beforeEach(() => {
    clock = new MovableClock();
    metrics = createMetrics(clock);
    logs = createLogMetrics(metrics);
  });

  const put = (changes: Partial<MetricFilterSpec> = {}) =>
    logs.putFilter({
      logGroup: GROUP,
      name: "5xx",
      pattern: '{ ($.route = "ANY /orders") && ($.status = "5*") }',
      namespace: "Nami",
      metricName: "Failures",
      value: "1",
      ...changes,
    });
  const request = (fields: object, group = GROUP) =>
    logs.read(group, JSON.stringify({ route: "ANY /orders", status: "200", latency: "12", ...fields }));
  const read = (name = "Failures", dimensions = {}) =>
    metrics.read({ namespace: "Nami", name, dimensions }, clock.time, clock.time + 60_000);

  it("count the events that a filter of the group matches", () => {
    put();
    request({ status: "503" });
    request({ status: "500" });
    request({ status: "404" });
    request({ status: "500", route: "ANY /other" });
    request({ status: "500" }, "/another/group");
    assert.deepEqual(read(), { sum: 2, count: 2, min: 1, max: 1 });
  });

  it("take the number of a field, also when it is text, and nothing else", () => {
    put({ pattern: "{ $.latency = * }", value: "$.latency" });
    request({ latency: "12" });
    request({ latency: 30.5 });
    request({ latency: "-" });
    assert.deepEqual(read(), { sum: 42.5, count: 2, min: 12, max: 30.5 });
  });

  it("count the default value for events that do not match, when there is one", () => {
    put({ defaultValue: 0 });
    request({ status: "503" });
    request({});
    logs.read(GROUP, "no JSON");
    assert.deepEqual(read(), { sum: 1, count: 3, min: 0, max: 1 });
  });

  it("are split by the values of a dimension, and skip events without it", () => {
    put({ pattern: '{ $.status = "5*" }', dimensions: { Route: "$.route", Api: "$.api" } });
    request({ status: "503", api: "a" });
    request({ status: "500", api: "a", route: "ANY /other" });
    request({ status: "500", api: "a", route: "ANY /other" });
    request({ status: "500" });
    request({ status: "200", api: "a" });
    const of = (Route: string) => read("Failures", { Api: "a", Route })?.sum;
    assert.deepEqual([of("ANY /orders"), of("ANY /other"), read()], [1, 2, undefined]);
    assert.throws(() => put({ dimensions: { Route: "route" } }), /Invalid metric transformation/);
  });

  it("follow several filters of a group, a changed one and a removed one", () => {
    put();
    put({ name: "4xx", pattern: '{ $.status = "4*" }', metricName: "Refusals" });
    request({ status: "404" });
    put({ pattern: '{ $.status = "4*" }' });
    request({ status: "404" });
    logs.removeFilter(GROUP, "5xx");
    request({ status: "404" });
    assert.deepEqual([read()?.sum, read("Refusals")?.sum], [1, 3]);
  });

  it("refuse an invalid pattern and an invalid value", () => {
    assert.throws(() => put({ pattern: "{ $.a" }), { code: "InvalidParameterException" });
    assert.throws(() => put({ value: "latency" }), /Invalid metric transformation/);
    assert.throws(() => put({ value: "$.latency", pattern: "ERROR" }), /Invalid metric transformation/);
  });

  describe("that a function embeds", () => {
    const embedded = JSON.stringify({
      _aws: {
        Timestamp: new MovableClock().time,
        CloudWatchMetrics: [{ Namespace: "Nami", Dimensions: [["Name"]], Metrics: [{ Name: "Heartbeat" }] }],
      },
      Name: "orders",
      Heartbeat: 1,
    });
    const heartbeats = () => read("Heartbeat", { Name: "orders" })?.sum;

    it("are counted in every group, and at their own time", () => {
      logs.read("/aws/lambda/watchdog", embedded);
      assert.equal(heartbeats(), 1);
      clock.time += 60_000;
      logs.read("/aws/lambda/watchdog", embedded);
      assert.equal(heartbeats(), undefined);
    });

    it("are not counted behind the prefix of console.log, nor before other text", () => {
      logs.read("/aws/lambda/watchdog", `2026-01-31T00:00:00.000Z\tabc\tINFO\t${embedded}`);
      logs.read("/aws/lambda/watchdog", `${embedded} done`);
      logs.read("/aws/lambda/watchdog", '{"_aws": broken');
      assert.equal(heartbeats(), undefined);
    });
  });
});
