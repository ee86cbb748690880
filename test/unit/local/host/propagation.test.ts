import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Lingering } from "../../../../local/host/network/lingering";
import { Propagation } from "../../../../local/host/propagation";
import { MovableDelays } from "../../../support/delays";

const SECONDS = 20;

describe("the propagation of changes", () => {
  let delays: MovableDelays;
  beforeEach(() => {
    delays = new MovableDelays();
  });

  it("does the work before it answers when there is no delay, and throws the error of the work", async () => {
    const propagation = new Propagation(0, assert.fail);
    let done = false;
    await propagation.begin("a", "Creating", async () => {
      await sleep(1);
      done = true;
    });
    assert.ok(done);
    assert.equal(propagation.state("a"), undefined);
    await assert.rejects(
      propagation.begin("a", "Creating", () => {
        throw new Error("refused");
      }),
      /refused/,
    );
  });

  it("answers first when there is a delay, and keeps the passing state until the work is done", async () => {
    const propagation = new Propagation(SECONDS, assert.fail, delays.later);
    let done = false;
    await propagation.begin("a", "Creating", () => {
      done = true;
    });
    assert.equal(done, false);
    assert.equal(propagation.state("a"), "Creating");
    assert.equal(propagation.state("b"), undefined);
    await delays.pass(SECONDS * 1000);
    assert.equal(done, true);
    assert.equal(propagation.state("a"), undefined);
  });

  it("does only the last work of a resource, and none for one that is gone", async () => {
    const propagation = new Propagation(SECONDS, assert.fail, delays.later);
    const done: string[] = [];
    await propagation.begin("a", "Creating", () => done.push("first"));
    await propagation.begin("a", "Updating", () => done.push("second"));
    await propagation.begin("b", "Creating", () => done.push("b"));
    propagation.forget("b");
    assert.equal(propagation.state("a"), "Updating");
    assert.equal(propagation.state("b"), undefined);
    await delays.pass(SECONDS * 1000);
    assert.deepEqual(done, ["second"]);
  });

  it("logs work that fails after its request was answered", async () => {
    const told: string[] = [];
    const propagation = new Propagation(SECONDS, (text) => told.push(text), delays.later);
    await propagation.begin("a", "Creating", () => Promise.reject(new Error("no such API")));
    await delays.pass(SECONDS * 1000);
    assert.match(told.join(), /^a did not come through: Error: no such API/);
    assert.equal(propagation.state("a"), undefined);
  });

  it("waits in real time when nobody passes delays in", async () => {
    const propagation = new Propagation(0.01, assert.fail);
    const done = new Promise<void>((resolve) => void propagation.begin("a", "Creating", resolve));
    assert.equal(propagation.state("a"), "Creating");
    await done;
  });

  it("drops all pending work when it is closed", async () => {
    const propagation = new Propagation(SECONDS, assert.fail, delays.later);
    await propagation.begin("a", "Creating", () => assert.fail("too late"));
    propagation.close();
    await delays.pass(SECONDS * 1000);
  });
});

describe("the network interfaces of a deleted resource", () => {
  let delays: MovableDelays;
  beforeEach(() => {
    delays = new MovableDelays();
  });
  const record = { urn: "urn:x", type: "aws:ec2/instance:Instance", id: "i-1", inputs: {}, outputs: {} };

  it("linger until AWS has removed them, and the network is told then", async () => {
    let told = 0;
    const lingering = new Lingering(new Propagation(SECONDS, assert.fail, delays.later), () => told++);
    await lingering.add(record, "i-1", "shutting-down");
    assert.deepEqual(lingering.all(record.type), [record]);
    assert.deepEqual(lingering.all("aws:lambda/function:Function"), []);
    assert.equal(told, 0);
    await delays.pass(SECONDS * 1000);
    assert.deepEqual(lingering.all(record.type), []);
    assert.equal(told, 1);
  });

  it("disappear at once when there is no delay", async () => {
    const lingering = new Lingering(new Propagation(0, assert.fail), () => {});
    await lingering.add(record, "i-1", "shutting-down");
    assert.deepEqual(lingering.all(record.type), []);
  });
});
