import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dataProgram } from "../../../infra/data-program";
import { gatewayProgram } from "../../../infra/gateway-program";
import { program } from "../../../infra/program";
import { run, sharedStacks } from "../../support/pulumi-mocks";

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1234abcd-12ab-34cd-56ef-1234567890ab";

describe("docs/aws.md", function () {
  this.timeout(30_000);

  it("names every type of resource that the programs make, and no other", async () => {
    const ofName = (config: Record<string, string>) => run(program, { stacks: sharedStacks, config });
    const graphs = [
      await run(gatewayProgram, {
        project: "nami-gateway",
        stack: "local-us-east-1",
        config: { "nami:domain": "hooks.example.com", "nami:certificateArn": CERTIFICATE },
      }),
      await run(dataProgram, { project: "nami-data", config: { "nami:snapshots": "7" } }),
      await ofName({ "nami:alarmEmail": "me@example.com" }),
      await ofName({ "nami:vpc": "new", "nami:egress": "ipv6" }),
    ];
    const made = graphs.flatMap((graph) => graph.resources.map(({ type }) => type));
    const text = readFileSync(join(__dirname, "..", "..", "..", "docs", "aws.md"), "utf8");
    const named = [...text.matchAll(/`(awsx?:[\w/]+:\w+)`/g)].map(([, type]) => type!);
    const types = (all: string[]) => [...new Set(all.filter((type) => /^awsx?:/.test(type)))].sort();
    assert.deepEqual(types(named), types(made));
  });
});
