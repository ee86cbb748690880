import assert from "node:assert/strict";
import type { KeptStack } from "../../../../cli/deployments/state";
import { refuseLoss } from "../../../../cli/lifecycle/refuse-loss";
import type { Written } from "../../../../infra/options";
import { resolve } from "../../../../infra/resolve-options";

const kept = (outputs: Record<string, unknown>) => ({ outputs }) as KeptStack;

describe("what an up must not do to stored events", () => {
  const data = kept({ options: { mongoVersion: "7.0", instanceType: "t4g.small", volumeSize: 40 } });
  const stack = kept({ instanceId: "i-1" });
  const usual: Written = { volumeSize: "40", mongoVersion: "7.0" };
  const up = (written: Written, standing: object = { stack, data }, upgradeHost = false) =>
    refuseLoss("orders", standing, resolve({ ...usual, ...written }), upgradeHost);

  it("shrink their volume; it may grow", () => {
    assert.throws(() => up({ volumeSize: "39" }), { code: "VOLUME_SHRINKS", hint: /--volume-size 40/ });
    up({ volumeSize: "40" });
    up({ volumeSize: "41" });
  });

  it("open them with an older MongoDB, or with one that is two series ahead", () => {
    for (const [mongoVersion, next] of [
      ["6.0", "7.0"],
      ["5.0", "7.0"],
      ["9.0", "8.0"],
    ] as const)
      assert.throws(() => up({ mongoVersion }), {
        code: "MONGO_VERSION_REFUSED",
        hint: `nami up orders --mongo-version ${next}`,
      });
    for (const mongoVersion of ["7.0.14", "7.1", "8.0"]) up({ mongoVersion });
  });

  it("put another processor under the image of a host that stands, unless the image is to be another, too", () => {
    assert.throws(() => up({ instanceType: "t3.small" }), {
      code: "ARCHITECTURE_CHANGED",
      hint: "nami up orders --instance-type t3.small --upgrade-host",
    });
    up({ instanceType: "t3.small" }, { stack, data }, true);
    up({ instanceType: "t3.small" }, { data });
    up({ instanceType: "m7g.large" });
  });

  it("nothing of which matters where there are none, or to a MongoDB of one's own", () => {
    up({ volumeSize: "2", mongoVersion: "6.0", instanceType: "t3.small" }, {});
    const own = resolve({ mongoUri: "env:URI" });
    refuseLoss("orders", { stack, data }, own, false);
  });
});
