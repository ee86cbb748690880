import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { commandLineOf } from "../../../local/mongo/process-record";
import { type MachineLab, machineLab, PARAMETER } from "../../support/machine-lab";

const VOLUME = "vol-0lab";

describe("local instances and volumes", function () {
  this.timeout(40_000);
  let lab: MachineLab;
  beforeEach(async () => {
    lab = await machineLab();
    lab.instances.createVolume(VOLUME, 8);
  });
  afterEach(() => lab.close());

  const boot = async (id = "i-1") => {
    await lab.instances.run(lab.spec(id));
    lab.instances.attach(VOLUME, id, "/dev/sdf");
    return lab.until(id, "running");
  };
  const store = async (key: string) => {
    const client = await lab.mongo();
    await client
      .db("x")
      .collection<{ _id: string }>("y")
      .insertOne({ _id: key }, { writeConcern: { w: 1, j: true } });
    await client.close();
  };
  const stored = async () => {
    const client = await lab.mongo();
    const found = await client.db("x").collection("y").find().toArray();
    await client.close();
    return found.map((one) => String(one._id)).sort();
  };

  it("refuse a wrong password and no password", async () => {
    await boot();
    await assert.rejects(lab.mongo("wrong"), /[Aa]uthentication failed/);
    const anonymous = await lab.mongo(null);
    await assert.rejects(anonymous.db("x").collection("y").findOne(), /requires authentication/);
    await anonymous.close();
  });

  it("start a killed Mongo again, with its data", async () => {
    const { pid } = await boot();
    await store("before");
    process.kill(pid!, "SIGKILL");
    await lab.until("i-1", "starting");
    const back = await lab.until("i-1", "running");
    assert.notEqual(back.pid, pid);
    assert.deepEqual(await stored(), ["before"]);
  });

  it("keep the data on the volume for the next instance, with its first password", async () => {
    const { pid } = await boot("i-1");
    await store("kept");
    await lab.instances.detach(VOLUME, "i-1");
    assert.equal(commandLineOf(pid!), "");
    assert.equal(lab.instances.status("i-1").state, "stopped");
    await lab.instances.terminate("i-1");
    assert.ok(!existsSync(join(lab.dir, "instances", "i-1")));
    await boot("i-2");
    assert.deepEqual(await stored(), ["kept"]);
    await lab.instances.terminate("i-2");
    lab.parameters.put(PARAMETER, "another one", "SecureString");
    await boot("i-3");
    await assert.rejects(lab.mongo("another one"), /[Aa]uthentication failed/);
    assert.deepEqual(await stored(), ["kept"]);
  });

  it("take over the Mongo of a host that was killed", async () => {
    const { pid } = await boot();
    await store("kept");
    await lab.reopen().reboot(lab.spec("i-1"));
    assert.equal((await lab.until("i-1", "running")).pid, pid);
    assert.deepEqual(await stored(), ["kept"]);
    // What was taken over is watched like a child.
    process.kill(pid!, "SIGKILL");
    await lab.until("i-1", "starting");
    await lab.until("i-1", "running");
    assert.deepEqual(await stored(), ["kept"]);
  });

  it("run a script again that a killed host left half done, and only one at a time", async () => {
    await lab.instances.run(lab.spec("i-1"));
    await sleep(300);
    await lab.reopen().reboot(lab.spec("i-1"));
    lab.instances.attach(VOLUME, "i-1", "/dev/sdf");
    await lab.until("i-1", "running");
    await store("one");
    assert.deepEqual(await stored(), ["one"]);
  });

  it("say which port is taken, and go on when it is free", async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(lab.port, "127.0.0.1", done));
    await lab.instances.run(lab.spec("i-1"));
    lab.instances.attach(VOLUME, "i-1", "/dev/sdf");
    const { error } = await lab.until("i-1", "failed");
    assert.match(error ?? "", new RegExp(`Port ${lab.port}.*is taken`));
    await new Promise((done) => other.close(done));
    await lab.until("i-1", "running");
  });

  it("refuse what EC2 refuses", async () => {
    await boot();
    assert.throws(() => lab.instances.deleteVolume(VOLUME), { code: "VolumeInUse" });
    assert.throws(() => lab.instances.attach("vol-none", "i-1", "/dev/sdf"), {
      code: "InvalidVolume.NotFound",
    });
    assert.throws(() => lab.instances.attach(VOLUME, "i-none", "/dev/sdf"), {
      code: "InvalidInstanceID.NotFound",
    });
    await lab.instances.run(lab.spec("i-2"));
    assert.throws(() => lab.instances.attach(VOLUME, "i-2", "/dev/sdf"), { code: "VolumeInUse" });
    await lab.instances.terminate("i-2");
    await lab.instances.terminate("i-1");
    lab.instances.deleteVolume(VOLUME);
    assert.ok(!existsSync(join(lab.dir, "volumes", VOLUME)));
  });
});
