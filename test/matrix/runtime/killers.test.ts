import assert from "node:assert/strict";
import { type Event, KILLERS, type Killer, KillerLab } from "../../support/killer-lab";
import { seededRandom } from "../../support/seeded-random";

/** Runs at the same time: most of them wait. */
const AT_ONCE = 4;

interface Case {
  title: string;
  batches: Event[][];
  setup: { timeout: number; memory: number };
}

/**
 * One killer first, in the middle and last of ten; whoever joins the queue later; handlers that take none and 60 % of the
 * function's time (of 20 s they have 18); functions with room for three processes and for four.
 */
function caseOf(seed: number): Case {
  const random = seededRandom(seed);
  const others = KILLERS.filter((each) => each !== "loop");
  const kill: Killer = seed % 8 === 0 ? "loop" : others[seed % others.length]!;
  const place = [0, 1 + Math.floor(random() * 8), 9][Math.floor(random() * 3)]!;
  // A loop burns a core for as long as it is let: with the longer time only now and then.
  const slow = random() < (kill === "loop" ? 0.05 : 0.4);
  const setup = { timeout: slow ? 20 : 10, memory: random() < 0.5 ? 256 : 512 };
  const wait = slow ? 12_000 : 0;
  // Killers end their process at once, or when the others have done most of their work.
  const killerWaits = slow && random() < 0.5 ? wait - 2_000 : 0;
  const batch = Array.from({ length: 10 }, (_, i) =>
    i === place ? { id: `k${seed}`, kill, wait: killerWaits } : { id: `e${i}`, wait },
  );
  const later = Array.from({ length: Math.floor(random() * 5) }, (_, i) => [{ id: `later${i}`, wait }]);
  const title = `${seed}: ${kill} at ${place}, ${wait} ms of ${setup.timeout} s, ${setup.memory} MB`;
  return { title, batches: [batch, ...later], setup };
}

describe("200 batches with one event that ends its process", function () {
  this.timeout(3_600_000);
  let lab: KillerLab;
  before(async () => {
    lab = await KillerLab.open();
  });
  after(() => lab?.close());

  it("have one dead letter each, and all other events are stored once", async () => {
    const cases = Array.from({ length: 200 }, (_, seed) => caseOf(seed + 1));
    const wrong: string[] = [];
    const worker = async () => {
      for (let next = cases.shift(); next; next = cases.shift()) {
        const { dead, stored } = await lab.deliver(next.batches, next.setup);
        const all = next.batches.flat().map(({ id }) => id);
        const innocent = all.filter((id) => !id.startsWith("k")).sort();
        const killer = all.filter((id) => id.startsWith("k"));
        if (`${dead}` !== `${killer}` || `${stored}` !== `${innocent}`)
          wrong.push(`${next.title}: dead ${dead}, stored ${stored}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    assert.deepEqual(wrong, []);
  });
});
