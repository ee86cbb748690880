import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { controlRequest } from "../../../../../local/host/client";
import { paths } from "../../../../../local/paths";
import type { ResourceRecord } from "../../../../../local/protocol";
import { check } from "../../../../../local/provider/check";
import { typeTable } from "../../../../../local/provider/types";
import type { Values } from "../../../../../local/provider/values";
import { type TestHost, testHost } from "../../../../support/host";

const INSTANCE = "aws:ec2/instance:Instance";
const VOLUME = "aws:ebs/volume:Volume";
const ATTACHMENT = "aws:ec2/volumeAttachment:VolumeAttachment";
const urn = (type: string) => `urn:pulumi:demo::nami::${type}::one`;

/** Counts its boots, by a service that a timer starts. */
const COUNTS = `#!/bin/bash
set -e
cd "$NAMI_SYSROOT"
echo run >>user-data-runs
mkdir -p etc/systemd/system sbin
printf '#!/bin/bash\\nawk "{print \\$2}" "$NAMI_SYSROOT/proc/meminfo" >>"$NAMI_SYSROOT/boots"\\n' >sbin/count
chmod 755 sbin/count
printf '[Service]\\nType=oneshot\\nExecStart=/sbin/count\\nStandardOutput=journal\\n' >etc/systemd/system/count.service
printf '[Timer]\\nOnActiveSec=0\\n[Install]\\nWantedBy=timers.target\\n' >etc/systemd/system/count.timer
systemctl enable --now count.timer
`;

describe("an instance and its volume on the host", function () {
  this.timeout(20_000);
  let local: TestHost;
  beforeEach(async () => {
    local = await testHost();
  });
  afterEach(() => local.remove());

  const inputsOf = (type: string, news: Values) =>
    check(typeTable(type), {
      name: "one",
      olds: {},
      news,
      randomSeed: new Uint8Array([1]),
      region: "us-east-1",
    }).inputs;
  const create = (type: string, news: Values) => {
    const body = { urn: urn(type), type, inputs: inputsOf(type, news), known: [] };
    return controlRequest<{ id: string; outputs: Values }>(local.home, "/resources/create", body);
  };
  const update = (type: string, id: string, news: Values) => {
    const body = { urn: urn(type), type, id, inputs: inputsOf(type, news) };
    return controlRequest<{ outputs: Values }>(local.home, "/resources/update", body);
  };
  const stateOf = async (id: string) => {
    const { outputs } = await controlRequest<ResourceRecord>(local.home, "/resources/read", {
      urn: "",
      type: INSTANCE,
      id,
    });
    return outputs.instanceState;
  };
  const machine = (changes: Values = {}): Values => ({
    ami: "ami-1",
    instanceType: "t4g.small",
    userData: COUNTS,
    ...changes,
  });
  const linesOf = (id: string, file: string) => {
    const path = join(paths.host(local.home), "instances", id, "root", file);
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  };
  const untilBoots = async (id: string, times: number) => {
    const done = join(paths.host(local.home), "instances", id, "user-data.done");
    for (let tries = 0; linesOf(id, "boots").length < times || !existsSync(done); tries++) {
      if (tries > 500) throw new Error(JSON.stringify(local.host.status().mongo));
      await sleep(20);
    }
  };

  it("is stopped and started for another type and for another script, which is not run", async () => {
    const { id, outputs } = await create(INSTANCE, machine());
    await untilBoots(id, 1);
    const changed = await update(INSTANCE, id, machine({ instanceType: "t4g.medium" }));
    await untilBoots(id, 2);
    assert.deepEqual(changed.outputs, outputs);
    await update(INSTANCE, id, machine({ instanceType: "t4g.medium", userData: `${COUNTS}exit 1\n` }));
    await untilBoots(id, 3);
    assert.deepEqual(linesOf(id, "boots"), ["2097152", "4194304", "4194304"]);
    assert.deepEqual(linesOf(id, "user-data-runs"), ["run"]);
    assert.equal(await stateOf(id), "running");
  });

  it("keeps running when its groups, tags or profile change", async () => {
    const { id } = await create(INSTANCE, machine());
    await untilBoots(id, 1);
    const { id: group } = await create("aws:ec2/securityGroup:SecurityGroup", { description: "another" });
    await update(INSTANCE, id, machine({ vpcSecurityGroupIds: [group], tags: { a: "b" }, monitoring: true }));
    await sleep(200);
    assert.deepEqual(linesOf(id, "boots"), ["2097152"]);
  });

  it("boots again with the host, with the units that its user data enabled", async () => {
    const { id } = await create(INSTANCE, machine());
    await untilBoots(id, 1);
    await local.restart();
    await untilBoots(id, 2);
    assert.deepEqual(linesOf(id, "user-data-runs"), ["run"]);
  });

  it("is refused with a type of unknown memory", async () => {
    await assert.rejects(
      create(INSTANCE, machine({ instanceType: "u-6tb1.metal" })),
      /cannot tell how much memory/,
    );
  });

  it("stops before its volume is detached, and stays stopped until somebody starts it, as on AWS", async () => {
    const { id } = await create(INSTANCE, machine());
    const volume = await create(VOLUME, { availabilityZone: "us-east-1a", size: 8 });
    const attachment = await create(ATTACHMENT, {
      deviceName: "/dev/sdf",
      instanceId: id,
      volumeId: volume.id,
      stopInstanceBeforeDetaching: true,
    });
    await untilBoots(id, 1);
    const body = { urn: urn(ATTACHMENT), type: ATTACHMENT, id: attachment.id };
    await controlRequest(local.home, "/resources/delete", body);
    assert.equal(await stateOf(id), "stopped");
    await local.restart();
    await untilBoots(id, 2);
    assert.equal(await stateOf(id), "running");
  });

  it("has a volume that grows in place and never shrinks", async () => {
    const volume = (size: number) => ({ availabilityZone: "us-east-1a", size });
    const { id } = await create(VOLUME, volume(8));
    const size = () => readFileSync(join(paths.host(local.home), "volumes", id, "size"), "utf8").trim();
    assert.equal(size(), "8");
    await update(VOLUME, id, volume(20));
    assert.equal(size(), "20");
    await assert.rejects(update(VOLUME, id, volume(10)), /New size cannot be smaller than existing size/);
    await local.restart();
    assert.equal(size(), "20");
  });
});
