import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { commandLineOf } from "../../../local/mongo/process-record";
import { type MachineLab, machineLab, VOLUME } from "../../support/machine-lab";

describe("a machine whose host is killed", function () {
  this.timeout(180_000);
  let lab: MachineLab;
  beforeEach(async () => {
    lab = await machineLab();
  });
  afterEach(() => lab.close());

  it("keeps its Mongo, which the next host takes over and watches like its own", async () => {
    const host = await lab.hostProcess();
    await host.call("run", lab.spec());
    await host.call("attach", VOLUME, "i-1", "/dev/sdf");
    await lab.untilLogged("nami: Mongo is started on port");
    const running = async () => (await host.call("status", "i-1")).state === "running";
    while (!(await running())) await sleep(20);
    await lab.store("kept");
    const { pid } = await host.call("status", "i-1");
    host.kill();
    await lab.reopen().reboot(lab.spec());
    assert.equal((await lab.until("running")).pid, pid);
    assert.deepEqual(await lab.stored(), ["kept"]);
    process.kill(pid!, "SIGKILL");
    await lab.until("starting");
    assert.notEqual((await lab.until("running")).pid, pid);
    assert.deepEqual(await lab.stored(), ["kept"]);
  });

  it("leaves no Mongo behind when the next host terminates it before it has booted", async () => {
    const host = await lab.hostProcess();
    await host.call("run", lab.spec());
    await host.call("attach", VOLUME, "i-1", "/dev/sdf");
    while ((await host.call("status", "i-1")).state !== "running") await sleep(20);
    const { pid } = await host.call("status", "i-1");
    host.kill();
    await lab.reopen().terminate("i-1");
    assert.equal(commandLineOf(pid!), "");
    assert.ok(!existsSync(join(lab.dir, "instances", "i-1")));
  });

  /** UUID and size; undefined when there is none. */
  const fileSystem = () => {
    const file = join(lab.dir, "volumes", VOLUME, "filesystem");
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };

  for (const [when, text] of [
    ["while it waits for its volume", "waiting for volume"],
    ["as it makes a file system", "it gets a file system"],
    ["as Mongo starts for the first time", "Mongo is started on port"],
  ] as const) {
    it(`in the middle of the first boot, ${when}, boots to the end with the next`, async () => {
      const host = await lab.hostProcess();
      await host.call("run", lab.spec());
      if (when !== "while it waits for its volume") await host.call("attach", VOLUME, "i-1", "/dev/sdf");
      await lab.untilLogged(text);
      host.kill();
      const made = fileSystem();
      await lab.reopen().reboot(lab.spec());
      if (when === "while it waits for its volume") lab.instances.attach(VOLUME, "i-1", "/dev/sdf");
      await lab.until("running");
      assert.deepEqual(await lab.store("one"), ["one"]);
      if (made) assert.equal(fileSystem(), made);
    });
  }

  it("in the middle of a boot that makes the container anew, ends it with the next", async () => {
    await lab.boot();
    await lab.untilIdle();
    await lab.store("kept");
    await lab.instances.close();
    const larger = lab.spec("i-1", { instanceType: "t4g.large" });
    const host = await lab.hostProcess();
    await host.call("reboot", larger);
    await lab.untilLogged("nami: Mongo is stopped, to run with other settings than before");
    host.kill();
    await lab.reopen().reboot(larger);
    await lab.until("running");
    await lab.untilIdle();
    assert.equal(
      await lab.shell("docker container inspect --format '{{.HostConfig.Memory}}' nami-mongo"),
      String(6528 * 1024 ** 2),
    );
    assert.deepEqual(await lab.stored(), ["kept"]);
  });
});
