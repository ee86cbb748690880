import assert from "node:assert/strict";
import { createLogMetrics } from "../../../../../local/host/logs";
import { createMetrics } from "../../../../../local/host/metrics";
import type { LogMetrics, MetricFilterSpec, Metrics } from "../../../../../local/host/services";
import { MovableClock } from "../../../../support/functions";

const GROUP = "/aws/vendedlogs/apis/gateway";

describe("metrics read off logs", () => {
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

  it("count what a filter of the group matches", () => {
    put();
    request({ status: "503" });
    request({ status: "500" });
    request({ status: "404" });
    request({ status: "500", route: "ANY /other" });
    request({ status: "500" }, "/another/group");
    assert.deepEqual(read(), { sum: 2, count: 2, min: 1, max: 1 });
  });

  it("take a field's number, also when the log has it as text; what is no number counts nothing", () => {
    put({ pattern: "{ $.latency = * }", value: "$.latency" });
    request({ latency: "12" });
    request({ latency: 30.5 });
    request({ latency: "-" });
    assert.deepEqual(read(), { sum: 42.5, count: 2, min: 12, max: 30.5 });
  });

  it("count the default of what does not match, when there is one", () => {
    put({ defaultValue: 0 });
    request({ status: "503" });
    request({});
    logs.read(GROUP, "no JSON");
    assert.deepEqual(read(), { sum: 1, count: 3, min: 0, max: 1 });
  });

  it("are as many as a dimension has values; an event without it counts nothing", () => {
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

  it("refuse a pattern and a value that are none", () => {
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

    it("count in every group, and at their own time", () => {
      logs.read("/aws/lambda/watchdog", embedded);
      assert.equal(heartbeats(), 1);
      clock.time += 60_000;
      logs.read("/aws/lambda/watchdog", embedded);
      assert.equal(heartbeats(), undefined);
    });

    it("do not count behind the prefix that console.log writes, nor before anything else", () => {
      logs.read("/aws/lambda/watchdog", `2026-01-31T00:00:00.000Z\tabc\tINFO\t${embedded}`);
      logs.read("/aws/lambda/watchdog", `${embedded} done`);
      logs.read("/aws/lambda/watchdog", '{"_aws": broken');
      assert.equal(heartbeats(), undefined);
    });
  });
});
