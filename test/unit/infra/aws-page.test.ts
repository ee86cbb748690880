import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dataGraph, gatewayGraph, pipelineGraph } from "../../support/program-runs";

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab";

describe("docs/aws.md", () => {
  it("docs/aws.md names every type of resource that the programs make, and no other", async () => {
    const graphs = [
      await gatewayGraph({
        config: { "nami:domain": "hooks.example.com", "nami:certificateArn": CERTIFICATE },
      }),
      await dataGraph({ config: { "nami:snapshots": "7" } }),
      await pipelineGraph({ config: { "nami:alarmEmail": "ops@example.com" } }),
      await pipelineGraph({ config: { "nami:vpc": "new", "nami:egress": "ipv6" } }),
    ];
    const made = graphs.flatMap((graph) => graph.resources.map(({ type }) => type));
    const text = readFileSync(join(__dirname, "..", "..", "..", "docs", "aws.md"), "utf8");
    const named = [...text.matchAll(/`(awsx?:[\w/]+:\w+)`/g)].map(([, type]) => type!);
    const types = (all: string[]) => [...new Set(all.filter((type) => /^awsx?:/.test(type)))].sort();
    assert.deepEqual(types(named), types(made));
  });
});
