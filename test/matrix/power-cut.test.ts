import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { json, nami, ok, untilStored } from "../support/nami";
import { post } from "../support/post";
import { PowerLab, requireMounts } from "../support/power-lab";

const MOMENTS = 10;
/** Events that are sent at the same time. */
const SENDERS = 5;

/** Answers the ids of the events that were answered 200, until `signal` is aborted. */
async function sendUntil(url: string, prefix: string, signal: AbortSignal): Promise<string[]> {
  const acknowledged: string[] = [];
  const sender = async (number: number) => {
    for (let i = 0; !signal.aborted; i++) {
      const id = `${prefix}-${number}-${i}`;
      const { status } = await post(url, JSON.stringify({ id }), { "webhook-id": id });
      if (status === 200) acknowledged.push(id);
      else await sleep(20);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, (_, number) => sender(number)));
  return acknowledged;
}

describe("a power cut", function () {
  this.timeout(600_000);
  let lab: PowerLab;

  before(() => requireMounts("a disk whose power can be cut"));
  afterEach(() => lab?.close());

  /** Begins an `up`, and cuts the power after so many milliseconds. */
  async function cutUp(flags: string[], milliseconds: number): Promise<void> {
    const running = nami(lab.home, ["up", "demo", "--yes", ...flags], { spawned: true });
    await sleep(milliseconds);
    await lab.cutPower();
    await running;
  }

  /** Brings the name up again, and stores one more event. Answers the name's URL. */
  async function upAgain(id: string): Promise<string> {
    const { url } = await json<{ url: string }>(lab.home, ["up", "demo", "--yes"], { spawned: true });
    assert.equal((await post(url, "x", { "webhook-id": id })).status, 200);
    await allStored([id]);
    return url;
  }

  async function allStored(ids: string[]): Promise<void> {
    assert.deepEqual(await untilStored(lab.home, "demo", ids, 120), []);
  }

  describe("in a first up", () => {
    let whole: number;
    before(async () => {
      lab = await PowerLab.make();
      whole = (await ok(lab.home, ["up", "demo", "--yes"], { spawned: true })).ms;
      await lab.close();
    });
    beforeEach(async () => {
      lab = await PowerLab.make();
    });

    for (let i = 0; i < MOMENTS; i++) {
      // The last two: when it has just ended.
      const part = (i + 0.7) / (MOMENTS - 1.5);
      it(`after ${Math.round(part * 100)} % of its time leaves a name that another up repairs`, async () => {
        await cutUp([], whole * part);
        await upAgain("after");
      });
    }
  });

  it("in an up that changes the machine and the functions is repaired by another up, ten times", async () => {
    lab = await PowerLab.make();
    await upAgain("before");
    const change = (i: number) => [
      ...["--post-queue-memory", String(576 + 64 * i)],
      ...["--instance-type", i % 2 === 0 ? "t4g.medium" : "t4g.small"],
    ];
    const { ms } = await ok(lab.home, ["up", "demo", "--yes", ...change(MOMENTS)], { spawned: true });
    for (let i = 0; i < MOMENTS; i++) {
      await cutUp(change(i), (ms * (i + 0.7)) / MOMENTS);
      await upAgain(`after-${i}`);
    }
    await allStored(["before", ...Array.from({ length: MOMENTS }, (_, i) => `after-${i}`)]);
  });

  it("under load loses no event that was answered 200, ten times", async () => {
    lab = await PowerLab.make();
    const url = await upAgain("before");
    const acknowledged: string[] = [];
    for (let i = 0; i < MOMENTS; i++) {
      const end = new AbortController();
      const sending = sendUntil(url, `load-${i}`, end.signal);
      await sleep(500 + i * 300);
      await lab.cutPower();
      end.abort();
      acknowledged.push(...(await sending));
      await upAgain(`after-${i}`);
      await allStored(acknowledged);
    }
    assert.ok(acknowledged.length > 100, `only ${acknowledged.length} were acknowledged`);
  });
});
