import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandLineOf } from "../../../local/mongo/process-record";
import { type MachineLab, machineLab, PARAMETER, PASSWORD, VOLUME } from "../../support/machine-lab";

const MEMORY = "docker container inspect --format '{{.HostConfig.Memory}}' nami-mongo";
const IMAGE = "docker container inspect --format '{{.Config.Image}}' nami-mongo";

describe("later boots of the Mongo host, run on the local target", function () {
  this.timeout(180_000);
  let lab: MachineLab;
  beforeEach(async () => {
    lab = await machineLab();
  });
  afterEach(() => lab.close());

  const container = () => join(lab.dir, "instances/i-1/containers/nami-mongo.json");
  const userDataLog = () => readFileSync(join(lab.dir, "instances/i-1/user-data.log"), "utf8");
  /** A boot that has come to its end. */
  const settled = async () => {
    const status = await lab.until("running");
    await lab.untilIdle();
    return status;
  };
  const reboot = async () => {
    await lab.instances.close();
    await lab.reopen().reboot(lab.spec());
    return settled();
  };

  it("bring everything back by what the first one enabled; the user data does not run again", async () => {
    await lab.boot();
    await lab.untilIdle();
    await lab.store("kept");
    const [before, said] = [readFileSync(container(), "utf8"), userDataLog()];
    rmSync(join(lab.dir, "instances/i-1/user-data"));
    const { pid } = lab.instances.status("i-1");
    await lab.instances.close();
    assert.equal(commandLineOf(pid!), "");
    await lab.reopen().reboot(lab.spec());
    await settled();
    assert.deepEqual(await lab.store("after"), ["after", "kept"]);
    assert.equal(readFileSync(container(), "utf8"), before);
    assert.equal(userDataLog(), said);
    const fstab = readFileSync(join(lab.dir, "instances/i-1/root/etc/fstab"), "utf8");
    assert.equal(fstab.match(/nami-mongo/g)?.length, 1);
  });

  it("make again what a power cut has emptied or taken away, and keep the data", async () => {
    await lab.boot();
    await lab.untilIdle();
    await lab.store("kept");
    await lab.instances.close();
    const root = join(lab.dir, "instances/i-1/root");
    writeFileSync(join(root, "usr/local/sbin/nami-mongo"), "");
    rmSync(join(root, "etc/systemd/system/nami-mongo.service"));
    await lab.reopen().reboot(lab.spec());
    await settled();
    assert.deepEqual(await lab.stored(), ["kept"]);

    await lab.instances.close();
    rmSync(join(root, "etc/systemd/system/timers.target.wants"), { recursive: true });
    writeFileSync(join(root, "etc/systemd/system/nami-mongo.service"), "");
    writeFileSync(join(lab.dir, "instances/i-1/units/nami-mongo.service.pid"), "1");
    // As a host before this one left it, whose files may have been empty after a power cut.
    writeFileSync(join(lab.dir, "instances/i-1/user-data.done"), "");
    writeFileSync(join(lab.dir, "volumes", VOLUME, "filesystem"), "");
    await lab.reopen().reboot(lab.spec());
    await settled();
    assert.deepEqual(await lab.stored(), ["kept"]);
  });

  it("need no Parameter Store", async () => {
    await lab.boot();
    await lab.untilIdle();
    await lab.store("kept");
    lab.parameters.remove(PARAMETER);
    await reboot();
    assert.deepEqual(await lab.stored(), ["kept"]);
    assert.ok(!lab.log().includes("aws ssm"));
  });

  it("use the password of an earlier boot when the Parameter Store is silent and the container is made anew", async () => {
    await lab.boot();
    await lab.untilIdle();
    await lab.store("kept");
    lab.parameters.remove(PARAMETER);
    await lab.instances.restart(lab.spec("i-1", { instanceType: "t4g.medium" }));
    await lab.untilLogged("nami: the password is that of an earlier boot");
    await settled();
    assert.deepEqual(await lab.stored(), ["kept"]);
  });

  it("say nothing when nothing changes, nor do the timer's runs", async () => {
    await lab.boot();
    await lab.untilIdle();
    await reboot();
    const said = lab.log();
    const { pid } = lab.instances.status("i-1");
    await lab.timerRun();
    await lab.timerRun();
    assert.equal(lab.log(), said);
    assert.equal(lab.instances.status("i-1").pid, pid);
  });

  it("give Mongo the memory of a changed instance type, after it was stopped cleanly", async () => {
    await lab.boot();
    await lab.untilIdle();
    await lab.store("kept");
    const { pid } = lab.instances.status("i-1");
    lab.command("docker", `[[ "$1" != stop ]] || echo "$*" >>'${lab.dir}/stops'; real "$@"`);
    await lab.instances.restart(lab.spec("i-1", { instanceType: "t4g.large" }));
    assert.equal(commandLineOf(pid!), "");
    await lab.untilLogged("nami: Mongo is started on port", 2);
    await settled();
    assert.equal(readFileSync(join(lab.dir, "stops"), "utf8"), "stop -t 60 nami-mongo\n");
    assert.equal(await lab.shell(MEMORY), String(6528 * 1024 ** 2));
    assert.deepEqual(await lab.store("after"), ["after", "kept"]);
  });

  it("refuse a type whose memory is not known, and leave the machine as it is", async () => {
    const { pid } = await lab.boot();
    const restart = lab.instances.restart(lab.spec("i-1", { instanceType: "u-6tb1.metal" }));
    await assert.rejects(restart, { code: "Unsupported" });
    assert.equal(lab.instances.status("i-1").pid, pid);
  });

  it("make a container anew that was removed by hand; the timer does too", async () => {
    await lab.boot();
    await lab.untilIdle();
    await lab.store("kept");
    const remove = "docker stop -t 60 nami-mongo && docker rm -v nami-mongo";
    await lab.shell(remove);
    await reboot();
    assert.deepEqual(await lab.stored(), ["kept"]);
    await lab.shell(remove);
    await lab.timerRun();
    await settled();
    assert.deepEqual(await lab.stored(), ["kept"]);
  });

  it("start a container that was stopped by hand; the timer does too, unless it is stopped itself", async () => {
    await lab.boot();
    await lab.untilIdle();
    await lab.shell("docker stop -t 60 nami-mongo");
    await lab.timerRun();
    await lab.untilLogged("nami: Mongo was exited and is started again");
    await settled();
    await lab.shell("systemctl stop nami-mongo.timer && docker stop -t 60 nami-mongo");
    assert.equal(lab.timersWaiting(), 0);
    assert.equal(lab.instances.status("i-1").state, "stopped");
    await reboot();
  });

  it("keep the data on the volume for the next instance, with its first password", async () => {
    await lab.boot();
    await lab.store("kept");
    const next = async (instanceId: string) => {
      await lab.instances.run(lab.spec(instanceId));
      lab.instances.attach(VOLUME, instanceId, "/dev/sdf");
      await lab.until("running", instanceId);
    };
    await lab.instances.terminate("i-1");
    await next("i-2");
    assert.ok(!lab.log("i-2").includes("it gets a file system"));
    assert.deepEqual(await lab.stored(), ["kept"]);
    await lab.instances.terminate("i-2");
    lab.parameters.put(PARAMETER, "another one", "SecureString");
    await next("i-3");
    await assert.rejects(lab.mongo("another one"), /[Aa]uthentication failed/);
    assert.deepEqual(await lab.stored(), ["kept"]);
  });

  it("run another version of Mongo on the same data", async () => {
    await lab.boot();
    await lab.store("kept");
    await lab.instances.terminate("i-1");
    await lab.boot({ script: { mongoVersion: "8.2" } });
    assert.equal(await lab.shell(IMAGE), "mongo:8.2");
    assert.deepEqual(await lab.stored(), ["kept"]);
  });

  it("say so when a version cannot read the data of a later one", async () => {
    await lab.boot();
    await lab.untilIdle();
    lab.command(
      "docker",
      `[[ "$*" != *RestartCount* ]] || { echo "restarting 4 62"; exit; }; [[ "$1" != logs ]] || { echo "Wrong mongod version"; exit; }; real "$@"`,
    );
    await lab.timerRun();
    await lab.untilLogged(
      "was written by another version than mongo:8.0, which cannot read it: go back to that one",
    );
    assert.match(lab.log(), /Wrong mongod version/);
  });

  it("say so when Mongo ends soon after each start", async () => {
    await lab.boot();
    await lab.untilIdle();
    lab.command("docker", `[[ "$*" != *RestartCount* ]] || { echo "restarting 4 14"; exit; }; real "$@"`);
    await lab.timerRun();
    await lab.untilLogged(
      "nami: Mongo ended (exit code 14), and Docker starts it again; what it says: docker logs nami-mongo",
    );
  });

  it("take no password for code", async () => {
    const nasty = "$(touch '/tmp/x')`id`\"'\\ \\n*;&|<>#!{a,b}~";
    lab.parameters.put(PARAMETER, nasty, "SecureString");
    await lab.boot();
    await (await lab.mongo(nasty)).close();
    const kept = readFileSync(join(lab.dir, "instances/i-1/root/etc/nami-mongo/password"), "utf8");
    assert.equal(kept, nasty);
    assert.notEqual(nasty, PASSWORD);
  });
});
