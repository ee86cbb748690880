import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { main } from "../../../cli/main";
import { capturedIo } from "../../support/captured-io";
import { type TestHost, testHost } from "../../support/host";

describe("nami host status", function () {
  this.timeout(20_000);
  let local: TestHost;
  before(async () => {
    local = await testHost();
  });
  after(() => local?.remove());

  it("tells why a machine's boot failed", async () => {
    const { instances } = local.host.services;
    await instances.run({
      instanceId: "i-1",
      region: "us-east-1",
      instanceType: "t4g.small",
      privateIp: "127.0.0.1",
      userData: "#!/bin/bash\necho 'nami: the volume is full' >&2\nexit 3\n",
    });
    while (instances.status("i-1").state !== "failed") await sleep(20);
    const io = capturedIo({ env: { PATH: "/usr/bin:/bin", NAMI_HOME: local.home, HOME: local.home } });
    assert.equal(await main(["host", "status"], io), 0);
    assert.match(io.said() + io.results(), /^i-1: nami: the volume is full$/m);
  });
});
