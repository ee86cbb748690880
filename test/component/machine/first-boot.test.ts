import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type MachineLab, machineLab, PARAMETER, PASSWORD, VOLUME } from "../../support/machine-lab";

describe("the first boot of the Mongo host, run on the local target", function () {
  this.timeout(180_000);
  let lab: MachineLab;
  beforeEach(async () => {
    lab = await machineLab();
  });
  afterEach(() => lab.close());

  const root = () => join(lab.dir, "instances", "i-1", "root");
  const volume = () => join(lab.dir, "volumes", VOLUME);

  it("makes a file system, mounts it and starts Mongo with the password of the parameter", async () => {
    await lab.boot();
    await (await lab.mongo()).close();
    const [uuid, size] = readFileSync(join(volume(), "filesystem"), "utf8").trim().split(" ");
    assert.equal(size, "8");
    assert.equal(
      readFileSync(join(root(), "etc/fstab"), "utf8"),
      `UUID=${uuid} /var/lib/nami-mongo xfs defaults,noatime,nofail 0 2\n`,
    );
    assert.equal(readFileSync(join(root(), "etc/nami-mongo/password"), "utf8"), PASSWORD);
    assert.equal(statSync(join(root(), "etc/nami-mongo")).mode & 0o777, 0o700);
    assert.ok(existsSync(join(volume(), "data", "db", "WiredTiger")));
  });

  it("tells nobody the password", async () => {
    await lab.boot();
    await lab.untilIdle();
    assert.ok(!lab.spec().userData.includes(PASSWORD));
    assert.ok(!lab.log().includes(PASSWORD));
    assert.ok(
      !readFileSync(join(lab.dir, "instances/i-1/containers/nami-mongo.json"), "utf8").includes(PASSWORD),
    );
    // On AWS it is 0444: the image reads it as a user of its own.
    assert.equal(statSync(join(root(), "etc/nami-mongo/password")).mode & 0o777, 0o400);
  });

  it("waits for its volume, and says so", async () => {
    await lab.instances.run(lab.spec());
    await lab.untilLogged("nami: waiting for volume vol-0lab to be attached");
    assert.equal(lab.instances.status("i-1").state, "starting");
    assert.ok(!existsSync(join(volume(), "filesystem")));
    lab.instances.attach(VOLUME, "i-1", "/dev/sdf");
    await lab.until("running");
  });

  it("gives Mongo four fifths of the machine's memory", async () => {
    await lab.boot();
    assert.equal(
      await lab.shell("docker container inspect --format '{{.HostConfig.Memory}}' nami-mongo"),
      `${1600 * 1024 ** 2}`,
    );
  });

  it("tries again until the parameter is there", async () => {
    lab.parameters.remove(PARAMETER);
    await lab.instances.run(lab.spec());
    lab.instances.attach(VOLUME, "i-1", "/dev/sdf");
    await lab.untilLogged("try 3 of 20 failed, again in 4 s: aws ssm");
    assert.match(
      lab.log(),
      /An error occurred \(ParameterNotFound\) when calling the GetParameter operation/,
    );
    lab.parameters.put(PARAMETER, PASSWORD, "SecureString");
    await lab.until("running");
    await (await lab.mongo()).close();
  });

  it("tries again when the image cannot be pulled", async () => {
    failing("docker", "pull", 2);
    await lab.boot();
    assert.equal(lab.log().match(/toomanyrequests/g)?.length, 2);
  });

  it("tries again when packages cannot be fetched", async () => {
    failing("dnf", "install", 2);
    await lab.boot();
    assert.equal(lab.log().match(/toomanyrequests/g)?.length, 2);
  });

  it("fails with the name of the action that its role may not do, and recovers by itself when it may", async () => {
    lab.allow("ssm:DescribeParameters");
    await lab.instances.run(lab.spec());
    lab.instances.attach(VOLUME, "i-1", "/dev/sdf");
    const { error } = await lab.until("failed");
    assert.match(error ?? "", /AccessDeniedException.*is not authorized to perform: ssm:GetParameter/);
    assert.match(lab.log(), /Job for nami-mongo.service failed/);
    lab.allow();
    await lab.timerDue();
    await lab.until("running");
    await (await lab.mongo()).close();
  });

  it("never formats a volume that blkid cannot read", async () => {
    lab.command("blkid", "exit 8");
    await lab.instances.run(lab.spec());
    lab.instances.attach(VOLUME, "i-1", "/dev/sdf");
    assert.match((await lab.until("failed")).error ?? "", /blkid cannot tell what is on .* \(8\)/);
    assert.ok(!existsSync(join(volume(), "filesystem")));
  });

  it("never formats a volume that holds something else, such as partitions", async () => {
    lab.command("blkid", '[[ "$*" != *UUID* ]] || exit 2; echo "/dev/x: PTTYPE=\\"gpt\\""');
    await lab.instances.run(lab.spec());
    lab.instances.attach(VOLUME, "i-1", "/dev/sdf");
    assert.match((await lab.until("failed")).error ?? "", /holds something that is no file system/);
    assert.ok(!existsSync(join(volume(), "filesystem")));
  });

  it("is done once, however many run it at the same time", async () => {
    await lab.boot();
    await lab.untilIdle();
    const { pid } = lab.instances.status("i-1");
    await lab.shell("docker stop -t 60 nami-mongo && docker rm -v nami-mongo");
    const script = '"$NAMI_SYSROOT/usr/local/sbin/nami-mongo"';
    const said = await lab.shell(`${script} & ${script} & ${script} & wait`);
    assert.equal(said.match(/Mongo is started/g)?.length, 1, said);
    await lab.until("running");
    assert.notEqual(lab.instances.status("i-1").pid, pid);
  });

  it("fails on a command, an option or a unit that the machine does not know", async () => {
    const fails = async (id: string, lines: string, error: RegExp) => {
      await lab.instances.run(lab.spec(id, { userData: `#!/bin/bash\nset -e\n${lines}\n` }));
      assert.match((await lab.until("failed", id)).error ?? "", error);
    };
    const unit = (text: string) =>
      `mkdir -p "$NAMI_SYSROOT/etc/systemd/system"; printf '${text}' >"$NAMI_SYSROOT/etc/systemd/system/a.service"; systemctl start a`;
    await fails("i-1", "docker network create x", /docker: command not found/);
    await fails(
      "i-2",
      "dnf install -y -q docker\ndocker pull -q mongo:8.0",
      /Cannot connect to the Docker daemon/,
    );
    await fails(
      "i-3",
      "dnf install -y -q docker\nsystemctl start docker\ndocker network create x",
      /does not know: docker network create x/,
    );
    await fails("i-4", "umount /", /does not know: umount \//);
    await fails("i-5", "systemctl mask docker", /does not know: systemctl mask docker/);
    await fails("i-6", "systemctl start other", /Unit other.service not found/);
    await fails("i-7", unit("[Service]\\nType=simple\\nExecStart=/x\\n"), /does not know: Type=simple/);
    await fails("i-8", "systemctl start docker", /Unit docker.service not found/);
    await sleep(0);
  });

  function failing(command: string, verb: string, times: number): void {
    const tally = join(lab.dir, "tally");
    lab.command(
      command,
      `[[ "$1" != ${verb} ]] || { echo x >>'${tally}'; (($(wc -l <'${tally}') > ${times})) || { echo toomanyrequests >&2; exit 1; }; }; real "$@"`,
    );
  }
});
