import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { type MachineLab, machineLab, VOLUME } from "../../support/machine-lab";

describe("local instances", function () {
  this.timeout(180_000);
  let lab: MachineLab;
  beforeEach(async () => {
    lab = await machineLab();
  });
  afterEach(() => lab.close());

  it("refuse a wrong password and no password", async () => {
    await lab.boot();
    await assert.rejects(lab.mongo("wrong"), /[Aa]uthentication failed/);
    const anonymous = await lab.mongo(null);
    await assert.rejects(anonymous.db("x").collection("y").findOne(), /requires authentication/);
    await anonymous.close();
  });

  it("start a killed Mongo again, with its data", async () => {
    const { pid } = await lab.boot();
    await lab.untilIdle();
    await lab.store("before");
    process.kill(pid!, "SIGKILL");
    await lab.until("starting");
    assert.notEqual((await lab.until("running")).pid, pid);
    assert.deepEqual(await lab.stored(), ["before"]);
  });

  it("tell of a Mongo that ends soon after its start, which Docker starts again without a word", async () => {
    await lab.boot();
    await lab.untilIdle();
    await lab.shell("docker stop -t 60 nami-mongo");
    const go = join(lab.dir, "go");
    lab.command("sleep", `until [[ -e '${go}' ]]; do /bin/sleep 0.02; done`);
    await lab.timerDue();
    const { pid } = await lab.until("running");
    process.kill(pid!, "SIGKILL");
    await lab.until("starting");
    writeFileSync(go, "");
    await lab.untilLogged("nami: Mongo was killed (exit code 137)");
    assert.equal((await lab.until("running")).error, undefined);
  });

  it("are on until they are stopped", async () => {
    await lab.boot();
    assert.ok(lab.instances.isOn("i-1"));
    await lab.instances.stop("i-1");
    assert.ok(!lab.instances.isOn("i-1"));
    assert.equal(lab.instances.status("i-1").state, "stopped");
    await assert.rejects(lab.shell("systemctl start docker"), /the machine is off/);
    await lab.instances.reboot(lab.spec());
    await lab.until("running");
  });

  it("say which port is taken, and go on when it is free", async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(lab.port, "127.0.0.1", done));
    await lab.instances.run(lab.spec());
    lab.instances.attach(VOLUME, "i-1", "/dev/sdf");
    const { error } = await lab.until("failed");
    assert.match(error ?? "", new RegExp(`Port ${lab.port}.*is taken`));
    await new Promise((done) => other.close(done));
    await lab.until("running");
  });

  it("refuse a type whose memory cannot be told", async () => {
    const spec = lab.spec("i-9", { instanceType: "mac2.metal" });
    await assert.rejects(async () => lab.instances.run(spec), {
      code: "Unsupported",
      message: "The local target cannot tell how much memory the instance type 'mac2.metal' has.",
    });
  });
});
