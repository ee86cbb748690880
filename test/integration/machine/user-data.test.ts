import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type MachineLab, machineLab, PARAMETER, PASSWORD } from "../../support/machine-lab";

const VOLUME = "vol-0lab";

describe("the user-data script of the Mongo host, run on the local target", function () {
  this.timeout(40_000);
  let lab: MachineLab;
  beforeEach(async () => {
    lab = await machineLab();
    lab.instances.createVolume(VOLUME, 8);
  });
  afterEach(() => lab.close());

  const root = () => join(lab.dir, "instances", "i-1", "root");
  const boot = async () => {
    await lab.instances.run(lab.spec("i-1"));
    lab.instances.attach(VOLUME, "i-1", "/dev/sdf");
  };

  it("makes a file system, mounts it and starts Mongo with the password of the parameter", async () => {
    await boot();
    await lab.until("i-1", "running");
    await (await lab.mongo()).close();
    const uuid = readFileSync(join(lab.dir, "volumes", VOLUME, "filesystem"), "utf8").trim();
    assert.equal(
      readFileSync(join(root(), "etc/fstab"), "utf8").trim(),
      `UUID=${uuid} /var/lib/nami-mongo xfs defaults,noatime,nofail 0 2`,
    );
    assert.equal(readFileSync(join(root(), "etc/nami-mongo/password"), "utf8"), PASSWORD);
    assert.equal(statSync(join(root(), "etc/nami-mongo")).mode & 0o777, 0o700);
    assert.ok(!lab.log("i-1").includes(PASSWORD));
    assert.ok(existsSync(join(lab.dir, "volumes", VOLUME, "data", "db", "WiredTiger")));
  });

  it("waits for its volume", async () => {
    await lab.instances.run(lab.spec("i-1"));
    await sleep(500);
    assert.equal(lab.instances.status("i-1").state, "starting");
    assert.ok(!existsSync(join(lab.dir, "volumes", VOLUME, "filesystem")));
    lab.instances.attach(VOLUME, "i-1", "/dev/sdf");
    await lab.until("i-1", "running");
  });

  it("can be run again: the data stays, the container is replaced", async () => {
    await boot();
    await lab.until("i-1", "running");
    const client = await lab.mongo();
    await client.db("x").collection("y").insertOne({ kept: true });
    await client.close();
    const uuid = readFileSync(join(lab.dir, "volumes", VOLUME, "filesystem"), "utf8");
    const { pid } = lab.instances.status("i-1");
    rmSync(join(lab.dir, "instances", "i-1", "user-data.done"));
    rmSync(join(lab.dir, "instances", "i-1", "user-data.log"));
    await lab.instances.reboot(lab.spec("i-1"));
    for (let tries = 0; tries < 1000 && !lab.log("i-1").includes("Mongo is started"); tries++)
      await sleep(10);
    await lab.until("i-1", "running");
    assert.notEqual(lab.instances.status("i-1").pid, pid);
    const again = await lab.mongo();
    assert.equal(await again.db("x").collection("y").countDocuments({ kept: true }), 1);
    await again.close();
    assert.equal(readFileSync(join(lab.dir, "volumes", VOLUME, "filesystem"), "utf8"), uuid);
    assert.equal(readFileSync(join(root(), "etc/fstab"), "utf8").match(/nami-mongo/g)?.length, 1);
  });

  it("does not run again at a reboot", async () => {
    await boot();
    await lab.until("i-1", "running");
    const before = statSync(join(lab.dir, "instances", "i-1", "user-data.log")).mtimeMs;
    await lab.instances.close();
    await lab.reopen().reboot(lab.spec("i-1"));
    await lab.until("i-1", "running");
    assert.equal(statSync(join(lab.dir, "instances", "i-1", "user-data.log")).mtimeMs, before);
  });

  it("tries again until the parameter is there", async () => {
    lab.parameters.remove(PARAMETER);
    await boot();
    await waitForLog(lab, "try 3 of 20");
    assert.match(
      lab.log("i-1"),
      /An error occurred \(ParameterNotFound\) when calling the GetParameter operation/,
    );
    lab.parameters.put(PARAMETER, PASSWORD, "SecureString");
    await lab.until("i-1", "running");
    await (await lab.mongo()).close();
  });

  it("tries again when the image cannot be pulled", async () => {
    lab.command(
      "docker",
      `[[ "$1" != pull ]] || { echo x >>'${lab.dir}/pulls'; (($(wc -l <'${lab.dir}/pulls') > 2)) || { echo "toomanyrequests" >&2; exit 1; }; }; real "$@"`,
    );
    await boot();
    await lab.until("i-1", "running");
    assert.equal(lab.log("i-1").match(/toomanyrequests/g)?.length, 2);
  });

  it("fails with the name of the action that its role may not do", async () => {
    lab.allow("ssm:DescribeParameters");
    await boot();
    const { error } = await lab.until("i-1", "failed");
    assert.match(error ?? "", /AccessDeniedException.*is not authorized to perform: ssm:GetParameter/);
  });

  it("fails on a command or option that the machine's stand-ins do not know", async () => {
    const run = (userData: string) => lab.instances.run({ ...lab.spec("i-1"), userData });
    await run("#!/bin/bash\nset -e\ndocker network create x\n");
    assert.match((await lab.until("i-1", "failed")).error ?? "", /Cannot connect to the Docker daemon/);
    await run("#!/bin/bash\nset -e\nsystemctl enable --now docker\ndocker network create x\n");
    await sleep(300);
    assert.match((await lab.until("i-1", "failed")).error ?? "", /does not know: docker network create x/);
    await run("#!/bin/bash\nset -e\numount /\n");
    await sleep(300);
    assert.match((await lab.until("i-1", "failed")).error ?? "", /does not know: umount \//);
  });

  it("never formats a volume that blkid cannot read", async () => {
    lab.command("blkid", "exit 8");
    await boot();
    assert.match((await lab.until("i-1", "failed")).error ?? "", /blkid cannot tell what is on .* \(8\)/);
    assert.ok(!existsSync(join(lab.dir, "volumes", VOLUME, "filesystem")));
  });

  it("is clean bash, as are the stand-ins", function () {
    if (spawnSync("shellcheck", ["--version"]).error) return this.skip();
    const options = { input: lab.spec("i-1").userData, encoding: "utf8" } as const;
    assert.equal(execFileSync("shellcheck", ["-"], options), "");
    const standIns = join(__dirname, "../../../local/host/instances/stand-ins.sh");
    assert.equal(execFileSync("shellcheck", [standIns], { encoding: "utf8" }), "");
  });
});

async function waitForLog(lab: MachineLab, text: string): Promise<void> {
  for (let tries = 0; !lab.log("i-1").includes(text); tries++) {
    if (tries > 1000) throw new Error(`the log does not say "${text}":\n${lab.log("i-1")}`);
    await sleep(10);
  }
}
