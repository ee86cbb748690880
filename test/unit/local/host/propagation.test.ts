import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Lingering } from "../../../../local/host/network/lingering";
import { Propagation } from "../../../../local/host/propagation";

const SECONDS = 0.05;
const PAST = 120;

describe("propagation", () => {
  it("without a delay does the work before it answers, and throws what the work throws", async () => {
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

  it("with one answers first, and the thing is in its state until the work is done", async () => {
    const propagation = new Propagation(SECONDS, assert.fail);
    let done = false;
    await propagation.begin("a", "Creating", () => {
      done = true;
    });
    assert.equal(done, false);
    assert.equal(propagation.state("a"), "Creating");
    assert.equal(propagation.state("b"), undefined);
    await sleep(PAST);
    assert.equal(done, true);
    assert.equal(propagation.state("a"), undefined);
  });

  it("does the last that was asked of a thing, and nothing for one that is gone", async () => {
    const propagation = new Propagation(SECONDS, assert.fail);
    const done: string[] = [];
    await propagation.begin("a", "Creating", () => done.push("first"));
    await propagation.begin("a", "Updating", () => done.push("second"));
    await propagation.begin("b", "Creating", () => done.push("b"));
    propagation.forget("b");
    assert.equal(propagation.state("a"), "Updating");
    assert.equal(propagation.state("b"), undefined);
    await sleep(PAST);
    assert.deepEqual(done, ["second"]);
  });

  it("tells of work that fails, whose request was answered long ago", async () => {
    const told: string[] = [];
    const propagation = new Propagation(SECONDS, (text) => told.push(text));
    await propagation.begin("a", "Creating", () => Promise.reject(new Error("no such API")));
    await sleep(PAST);
    assert.match(told.join(), /^a did not come through: Error: no such API/);
    assert.equal(propagation.state("a"), undefined);
  });

  it("leaves nothing to be done when it is closed", async () => {
    const propagation = new Propagation(SECONDS, assert.fail);
    await propagation.begin("a", "Creating", () => assert.fail("too late"));
    propagation.close();
    await sleep(PAST);
  });
});

describe("network interfaces of what is gone", () => {
  const record = { urn: "urn:x", type: "aws:ec2/instance:Instance", id: "i-1", inputs: {}, outputs: {} };

  it("linger until AWS has taken them away, and whoever looks is told", async () => {
    let told = 0;
    const lingering = new Lingering(new Propagation(SECONDS, assert.fail), () => told++);
    await lingering.add(record, "i-1", "shutting-down");
    assert.deepEqual(lingering.all(record.type), [record]);
    assert.deepEqual(lingering.all("aws:lambda/function:Function"), []);
    assert.equal(told, 0);
    await sleep(PAST);
    assert.deepEqual(lingering.all(record.type), []);
    assert.equal(told, 1);
  });

  it("go at once where nothing takes its time", async () => {
    const lingering = new Lingering(new Propagation(0, assert.fail), () => {});
    await lingering.add(record, "i-1", "shutting-down");
    assert.deepEqual(lingering.all(record.type), []);
  });
});
