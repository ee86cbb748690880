import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commandLineOf } from "../../../local/mongo/process-record";
import { type MachineLab, machineLab, VOLUME } from "../../support/machine-lab";

describe("the volume of the Mongo host, on the local target", function () {
  this.timeout(180_000);
  let lab: MachineLab;
  beforeEach(async () => {
    lab = await machineLab();
  });
  afterEach(() => lab.close());

  const filesystem = () => readFileSync(join(lab.dir, "volumes", VOLUME, "filesystem"), "utf8").trim();

  it("takes Docker along when it is detached, and is mounted again within two minutes of coming back", async () => {
    const { pid } = await lab.boot();
    await lab.untilIdle();
    await lab.store("kept");
    await lab.instances.detach(VOLUME, "i-1");
    assert.equal(commandLineOf(pid!), "");
    assert.equal(lab.instances.status("i-1").state, "stopped", lab.log());
    await assert.rejects(
      lab.shell("docker container inspect --format '{{.Id}}' nami-mongo"),
      /Cannot connect/,
    );
    await assert.rejects(lab.shell("systemctl start docker"), /A dependency job for docker.service failed/);
    await lab.timerDue();
    await lab.untilLogged("nami: waiting for volume vol-0lab to be attached");
    assert.equal(lab.instances.status("i-1").state, "starting");
    lab.instances.attach(VOLUME, "i-1", "/dev/sdf");
    await lab.until("running");
    assert.deepEqual(await lab.store("after"), ["after", "kept"]);
  });

  it("may come late at a boot", async () => {
    await lab.boot();
    await lab.untilIdle();
    await lab.store("kept");
    await lab.instances.stop("i-1");
    await lab.instances.detach(VOLUME, "i-1");
    await lab.instances.reboot(lab.spec());
    await lab.untilLogged("nami: waiting for volume vol-0lab to be attached");
    lab.instances.attach(VOLUME, "i-1", "/dev/sdf");
    await lab.until("running");
    assert.deepEqual(await lab.stored(), ["kept"]);
  });

  it("gets its file system grown by the timer when it has grown, once, while Mongo runs", async () => {
    const { pid } = await lab.boot();
    await lab.untilIdle();
    await lab.store("kept");
    const [uuid] = filesystem().split(" ");
    lab.instances.createVolume(VOLUME, 20);
    assert.equal(filesystem(), `${uuid} 8`);
    await lab.timerRun();
    assert.equal(filesystem(), `${uuid} 20`);
    await lab.timerRun();
    assert.equal(lab.log().split("has grown").length, 2);
    assert.equal(lab.instances.status("i-1").pid, pid);
    assert.deepEqual(await lab.stored(), ["kept"]);
  });

  it("that cannot grow keeps no Mongo waiting", async () => {
    lab.command("xfs_growfs", "echo 'xfsctl failed: Structure needs cleaning' >&2; exit 1");
    await lab.boot();
    assert.match(lab.log(), /nami: the file system stays as large as it is: xfsctl failed: Structure needs/);
  });

  it("is grown at a boot too", async () => {
    await lab.boot();
    await lab.untilIdle();
    await lab.instances.stop("i-1");
    lab.instances.createVolume(VOLUME, 20);
    await lab.instances.reboot(lab.spec());
    await lab.untilLogged("nami: the file system has grown with its volume");
    await lab.until("running");
    assert.match(filesystem(), / 20$/);
  });

  it("is where and whose EC2 says", async () => {
    await lab.boot();
    assert.throws(() => lab.instances.deleteVolume(VOLUME), { code: "VolumeInUse" });
    const attach = (volumeId: string, instanceId: string) => () =>
      lab.instances.attach(volumeId, instanceId, "/dev/sdf");
    assert.throws(attach("vol-none", "i-1"), { code: "InvalidVolume.NotFound" });
    assert.throws(attach(VOLUME, "i-none"), { code: "InvalidInstanceID.NotFound" });
    await lab.instances.run(lab.spec("i-2"));
    assert.throws(attach(VOLUME, "i-2"), { code: "VolumeInUse" });
    await lab.instances.terminate("i-2");
    await lab.instances.terminate("i-1");
    assert.ok(!existsSync(join(lab.dir, "instances", "i-1")));
    lab.instances.deleteVolume(VOLUME);
    assert.ok(!existsSync(join(lab.dir, "volumes", VOLUME)));
  });
});
