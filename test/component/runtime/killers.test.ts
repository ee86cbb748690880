import assert from "node:assert/strict";
import { type Event, type Killer, KillerLab } from "../../support/killer-lab";

/** Long enough for processes to start on a busy machine. */
const SETUP = { timeout: 20, memory: 256 };

describe("an event whose code ends its process", function () {
  this.timeout(120_000);
  let lab: KillerLab;
  before(async () => {
    lab = await KillerLab.open();
  });
  after(() => lab?.close());

  const events = (changes: Record<number, Partial<Event>>, count = 10): Event[] =>
    Array.from({ length: count }, (_, i) => ({ id: `e${i}`, ...changes[i] }));
  const idsBut = (given: Event[], dead: string[]) =>
    given
      .map(({ id }) => id)
      .filter((id) => !dead.includes(id))
      .sort();

  /** A loop takes the time that each try has: it is in the matrix. */
  const places = { exit: 0, sigkill: 9, memory: 4 } as const;
  for (const [kill, place] of Object.entries(places))
    it(`by ${kill} is the only one of its batch that becomes a dead letter`, async () => {
      const batch = events({ [place]: { kill: kill as Killer } });
      const { dead, stored } = await lab.deliver([batch], SETUP);
      assert.deepEqual(dead, [`e${place}`]);
      assert.deepEqual(stored, idsBut(batch, dead));
    });

  it("takes nobody along who comes in later, for a batch with something tried before is run apart", async () => {
    const first = events({ 0: { kill: "exit" } }, 2);
    const later = { kill: "exit", id: "late" } as const;
    const { dead, stored } = await lab.deliver([first, [later, { id: "x" }], [{ id: "y" }]], SETUP);
    assert.deepEqual(dead, ["e0", "late"]);
    assert.deepEqual(stored, ["e1", "x", "y"]);
  });

  it("takes nobody along where the first try is the last", async () => {
    const batch = events({ 1: { kill: "sigkill" } }, 4);
    const { dead, stored } = await lab.deliver([batch], SETUP, 1);
    assert.deepEqual([dead, stored], [["e1"], ["e0", "e2", "e3"]]);
  });

  it("leaves no process behind that takes memory from batches which need none", async () => {
    const failing: Event[] = [{ id: "k", kill: "exit" }, { id: "a" }];
    const after = await lab.deliver([failing], SETUP, 2);
    assert.ok(after.processes > 0, "the next batch with a retry would use them");
    const { dead, stored, processes } = await lab.deliver([failing, [], [{ id: "y" }]], SETUP, 2);
    assert.deepEqual([dead, stored, processes], [["k"], ["a", "y"], 0]);
  });

  it("is named in the log with how its process ended, and has the tools of the first try", async () => {
    const batch: Event[] = [{ id: "k", kill: "exit" }, { id: "a", ask: true }, { id: "b" }];
    const { lines, stored } = await lab.deliver([batch], SETUP, 2);
    assert.deepEqual(stored, ["a", "b"]);
    const told = lines.filter((line) => line.includes('"NOT_STORED"'));
    assert.equal(told.length, 1);
    assert.match(told[0]!, /"error":"your code ended its process \(exit code 3\)","id":"demo:k"\}/);
    const seen = lines.filter((line) => line.includes('"message":"seen"'));
    assert.match(seen.at(-1)!, /\tINFO\t\{"level":"info","message":"seen","name":"demo","id":"demo:b"/);
  });
});
