import assert from "node:assert/strict";
import { chmodSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { paths } from "../../../../local/paths";
import { functionCode, resources, type TestHost, testHost, urn } from "../../../support/host";
import { Account, functionRole, types } from "../../../support/network";

describe("the code of a function on the disk of this machine", function () {
  this.timeout(20_000);
  let local: TestHost;
  let role: string;
  beforeEach(async () => {
    local = await testHost();
    role = await functionRole(new Account(local.home), "role", []);
  });
  afterEach(() => local.remove());

  const store = () => join(paths.host(local.home), "code");
  const inputs = () => ({
    ...{ name: "orders", role, handler: "index.handler", runtime: "nodejs24.x" },
    code: functionCode("exports.handler = async () => 'well'"),
  });
  const make = () => resources(local).create(types.function, "orders", inputs());
  const isWell = async () => {
    const { payload } = await local.host.services.functions.invoke("orders", "{}");
    assert.equal(payload, '"well"');
  };
  const folder = () => readdirSync(store()).find((name) => !name.includes("."))!;
  const empty = () => {
    const file = join(store(), folder(), "index.js");
    chmodSync(file, 0o644);
    writeFileSync(file, "");
  };

  for (const [how, harm] of [
    ["emptied", empty],
    ["taken away", () => rmSync(store(), { recursive: true })],
    [
      "emptied, under a host that kept no list of the files",
      () => {
        rmSync(join(store(), `${folder()}.files.json`));
        empty();
      },
    ],
  ] as const) {
    it(`that was ${how} is reported at the next start, and the next up restores it under the same name`, async () => {
      await make();
      await isWell();
      harm();
      await local.restart();
      const reason = "its code is missing or damaged on this machine's disk";
      assert.deepEqual(local.host.status().broken, [{ urn: urn("orders"), reason }]);
      await assert.rejects(resources(local).read(types.function, "orders"), { httpStatus: 404 });

      await make();
      await isWell();
      assert.deepEqual(local.host.status().broken, []);
      assert.equal((await resources(local).read(types.function, "orders")).id, "orders");
      await local.restart();
      await isWell();
    });
  }

  it("is missing also for an up that comes before the next start", async () => {
    await make();
    empty();
    await assert.rejects(resources(local).read(types.function, "orders"), { httpStatus: 404 });
    await make();
    assert.equal((await resources(local).read(types.function, "orders")).id, "orders");
  });

  it("of an older host, which kept no list of the files, counts as whole while no file is empty", async () => {
    await make();
    rmSync(join(store(), `${folder()}.files.json`));
    await local.restart();
    await isWell();
    assert.deepEqual(local.host.status().broken, []);
  });
});
