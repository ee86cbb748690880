import assert from "node:assert/strict";
import type { KeptStack } from "../../../../cli/deployments/state";
import { refuseLoss } from "../../../../cli/lifecycle/refuse-loss";
import type { Written } from "../../../../infra/options";
import { resolve } from "../../../../infra/resolve-options";

const kept = (outputs: Record<string, unknown>, resources: object[] = []) =>
  ({ outputs, resources }) as unknown as KeptStack;

describe("an up must not", () => {
  const data = kept({ options: { instanceType: "t4g.small", volumeSize: 40 } });
  const mongoAnswered = "7.0";
  const host = { type: "aws:ec2/instance:Instance", outputs: { instanceType: "t4g.small" } };
  const stack = kept({ instanceId: "i-1" }, [host]);
  const usual: Written = { volumeSize: "40", mongoVersion: "7.0" };
  const up = (written: Written, standing: object = { stack, data, mongoAnswered }, upgradeHost = false) =>
    refuseLoss("orders", standing, resolve({ ...usual, ...written }), upgradeHost);

  it("shrink the volume of stored events, which may grow", () => {
    assert.throws(() => up({ volumeSize: "39" }), { code: "VOLUME_SHRINKS", hint: /--volume-size 40/ });
    up({ volumeSize: "40" });
    up({ volumeSize: "41" });
  });

  it("leave stored events in another zone than the machine that opens them", () => {
    const placed = kept({ options: { volumeSize: 40 }, availabilityZone: "us-east-1a" });
    assert.throws(() => up({ zone: "us-east-1b" }, { data: placed }), {
      code: "VOLUME_STAYS",
      hint: "nami up orders --zone us-east-1a",
    });
    up({ zone: "us-east-1a" }, { data: placed });
    up({}, { data: placed });
  });

  it("open stored events with a MongoDB that is older, or two series ahead", () => {
    assert.throws(() => up({ mongoVersion: "8.2" }), {
      code: "MONGO_VERSION_REFUSED",
      hint: "nami up orders --mongo-version 8.0",
    });
    assert.throws(() => up({ mongoVersion: "8.0.12" }, { data, mongoAnswered: "8.2" }), {
      code: "MONGO_VERSION_REFUSED",
      hint: "nami up orders --mongo-version 8.2",
    });
    for (const mongoVersion of ["7.0.14", "8.0", "8.0.12"]) up({ mongoVersion });
    // One that never answered has written nothing.
    up({ mongoVersion: "7.0" }, { data: kept({ options: { mongoVersion: "8.2", volumeSize: 40 } }) });
  });

  it("put another processor under the image of a host that stands, unless the image is to be another, too", () => {
    assert.throws(() => up({ instanceType: "t3.small" }), {
      code: "ARCHITECTURE_CHANGED",
      hint: "nami up orders --instance-type t3.small --upgrade-host",
    });
    up({ instanceType: "t3.small" }, { stack, data }, true);
    up({ instanceType: "t3.small" }, { data });
    up({ instanceType: "t3.small" }, { stack: kept({}), data });
    up({ instanceType: "m7g.large" });
  });

  it("judge the host by what an interrupted up wanted of it, rather than by what it is", () => {
    const wanted = kept({ options: { instanceType: "t3.small", volumeSize: 40 } });
    up({ instanceType: "t4g.small" }, { stack, data: wanted });
    assert.throws(() => up({ instanceType: "t3.small" }, { stack, data: wanted }), {
      code: "ARCHITECTURE_CHANGED",
    });
  });

  it("be refused where there are no stored events, or for the user's own MongoDB", () => {
    up({ volumeSize: "2", mongoVersion: "7.0", instanceType: "t3.small" }, {});
    const own = resolve({ mongoUri: "env:URI" });
    refuseLoss("orders", { stack, data }, own, false);
  });
});
