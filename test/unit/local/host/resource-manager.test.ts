import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BrokenResources } from "../../../../local/host/broken-resources";
import { CodeStore } from "../../../../local/host/code-store";
import { openDatabase } from "../../../../local/host/database";
import { Propagation } from "../../../../local/host/propagation";
import { ResourceManager } from "../../../../local/host/resource-manager";
import { ResourceTable, schema } from "../../../../local/host/resource-table";
import { eventSourceMapping, withSpec } from "../../../../local/host/resources/event-source-mapping";
import type { MappingSpec, Services } from "../../../../local/host/services";

describe("the resources of the host", () => {
  const { type } = eventSourceMapping;
  const urn = "urn:pulumi:demo::nami::mapping";
  const inputs = {
    eventSourceArn: "arn:aws:sqs:us-east-1:000000000000:q",
    functionName: "arn:aws:lambda:us-east-1:000000000000:function:f",
    region: "us-east-1",
    enabled: false,
    batchSize: 10,
    maximumBatchingWindowInSeconds: 0,
  };
  let dir: string;
  let put: MappingSpec[];
  let table: ResourceTable;
  let manager: ResourceManager;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-resources-"));
    put = [];
    const database = openDatabase(join(dir, "host.db"), [schema]);
    table = new ResourceTable(database);
    const services = {
      clock: { now: () => 0 },
      mappings: { put: (spec: MappingSpec) => put.push(spec), check: () => {} },
      propagation: new Propagation(0, assert.fail),
      all: (of: string) => table.all(of),
    } as unknown as Services;
    const kinds = new Map([[type, eventSourceMapping]]);
    const [code, broken] = [new CodeStore(dir), new BrokenResources()];
    manager = new ResourceManager({ table, kinds, code, services, broken, takesOver: true });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("keep the change of an API call where the program has not changed", async () => {
    const { id } = await manager.create({ urn, type, inputs, known: [] });
    table.replace(withSpec(table.find(type, id)!, { ...put[0]!, enabled: true }));
    const wanted = { ...inputs, batchSize: 7 };
    await manager.update({ urn, type, id, inputs: wanted, changed: ["batchSize"] });
    const kept = table.find(type, id)!.inputs;
    assert.deepEqual([put.at(-1)!.enabled, put.at(-1)!.batchSize], [true, 7]);
    assert.deepEqual([kept.enabled, kept.batchSize], [true, 7]);
    await manager.update({ urn, type, id, inputs: wanted, changed: ["enabled"] });
    assert.equal(put.at(-1)!.enabled, false);
  });
});
