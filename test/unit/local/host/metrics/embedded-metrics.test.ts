import assert from "node:assert/strict";
import { embeddedSamples } from "../../../../../local/host/metrics/embedded-metrics";

const AT = Date.UTC(2026, 10, 23);

function document(directive: object, members: object = { Name: "orders", Events: 3 }): object {
  const CloudWatchMetrics = [
    { Namespace: "Nami", Dimensions: [["Name"]], Metrics: [{ Name: "Events", Unit: "Count" }], ...directive },
  ];
  return { _aws: { Timestamp: AT, CloudWatchMetrics }, ...members };
}

const sample = (dimensions: Record<string, string>, values: number[], name = "Events") => ({
  id: { namespace: "Nami", name, dimensions },
  values,
  at: AT,
});

describe("the embedded metric format", () => {
  it("yields a metric for each set of dimensions", () => {
    const Dimensions = [["Name"], [], ["Name", "Part"]];
    assert.deepEqual(embeddedSamples(document({ Dimensions }, { Name: "orders", Part: "a", Events: 3 })), [
      sample({ Name: "orders" }, [3]),
      sample({}, [3]),
      sample({ Name: "orders", Part: "a" }, [3]),
    ]);
  });

  it("yields several metrics, and several values of one", () => {
    const Metrics = [{ Name: "Events" }, { Name: "Bytes" }];
    assert.deepEqual(embeddedSamples(document({ Metrics }, { Name: "orders", Events: [1, 2], Bytes: 0.5 })), [
      sample({ Name: "orders" }, [1, 2]),
      sample({ Name: "orders" }, [0.5], "Bytes"),
    ]);
  });

  const malformed: [string, unknown][] = [
    ["no object", [document({})]],
    ["null", null],
    ["no _aws", { Events: 1 }],
    ["_aws that is no object", { _aws: "x" }],
    ["no time", { _aws: { CloudWatchMetrics: [] } }],
    ["a time in text", { ...document({}), _aws: { Timestamp: "now", CloudWatchMetrics: [] } }],
    ["no directives", { _aws: { Timestamp: AT } }],
    ["no namespace", document({ Namespace: undefined })],
    ["no dimension sets", document({ Dimensions: [] })],
    ["dimensions not in sets", document({ Dimensions: ["Name"] })],
    ["a dimension without a value", document({ Dimensions: [["Part"]] })],
    ["a dimension that is a number", document({ Dimensions: [["Events"]] })],
    ["too many dimensions", document({ Dimensions: [Array(31).fill("Name")] })],
    ["metrics that are no list", document({ Metrics: { Name: "Events" } })],
    ["a metric without a name", document({ Metrics: [{}] })],
    ["a metric without a value", document({ Metrics: [{ Name: "Missing" }] })],
    ["a metric's value in text", document({}, { Name: "orders", Events: "3" })],
    ["no value in a list", document({}, { Name: "orders", Events: [] })],
    ["more than a hundred values", document({}, { Name: "orders", Events: Array(101).fill(1) })],
    ["more than a hundred metrics", document({ Metrics: Array(101).fill({ Name: "Events" }) })],
    ["a name that every object has", document({ Metrics: [{ Name: "constructor" }] })],
  ];
  for (const [what, value] of malformed) {
    it(`yields nothing with ${what}`, () => assert.deepEqual(embeddedSamples(value), []));
  }

  it("yields nothing at all when one directive is malformed", () => {
    const good = document({}) as { _aws: { CloudWatchMetrics: unknown[] } };
    good._aws.CloudWatchMetrics.push({ Namespace: "Nami" });
    assert.deepEqual(embeddedSamples(good), []);
  });
});
