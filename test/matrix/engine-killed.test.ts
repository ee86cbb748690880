import assert from "node:assert/strict";
import { makeHome, type TestHome } from "../support/home";
import { hosted, twice, upWithEngineKilled } from "../support/killed-engine";
import { eventually, json, nami, ok, storedEvents } from "../support/nami";
import { post } from "../support/post";

/** AWS answers before things work, and takes nothing over: what was asked for is there, whoever knows of it. */
const asAws = { slowSeconds: 0.5, takeOver: false };

/** With these a name has about everything that can be made of it. */
const wide = ["--vpc", "new", "--egress", "nat", "--alarm-email", "ops@example.com", "--snapshots", "3"];

/** Creates of an `up`: those of the gateway (in the first), of the data, of the pipeline. */
const points: { create: number; when: "before" | "after" }[] = [
  { create: 2, when: "after" },
  { create: 1, when: "after" },
  { create: 4, when: "after" },
  { create: 11, when: "after" },
  { create: 18, when: "before" },
  { create: 26, when: "after" },
  { create: 34, when: "after" },
  { create: 44, when: "after" },
  { create: 54, when: "after" },
  { create: 64, when: "after" },
];

describe("an engine that is killed in the middle of its creates", function () {
  this.timeout(600_000);
  let home: TestHome;

  before(async () => {
    home = await makeHome();
    await ok(home.dir, ["host", "start"], { env: { NAMI_REHEARSAL: JSON.stringify(asAws) } });
  });
  after(() => home.close());

  const killed = async (name: string, point: (typeof points)[number]) => {
    const cut = await upWithEngineKilled(home.dir, ["up", name, "--yes", ...wide], point, asAws);
    assert.equal(cut.code, 1, cut.err);
    assert.match(cut.err, /error\[ENGINE_ENDED\]/);
    return cut;
  };

  for (const [i, point] of points.entries()) {
    const { create, when } = point;
    it(`${when} create ${create}: up mends it, and nothing is there twice`, async () => {
      const name = `cut-${i}`;
      await killed(name, point);
      const again = await ok(home.dir, ["up", name, "--yes"]);
      assert.match(again.err, when === "after" ? /Found again: / : /Not made: /);
      assert.deepEqual(twice(home.dir, name), []);
      if (i % 3 === 0) {
        const { changes, url } = await json<{ changes: object; url: string }>(home.dir, [
          "up",
          name,
          "--yes",
        ]);
        assert.deepEqual(changes, {});
        assert.equal((await post(url, "x", { "webhook-id": "1" })).status, 200);
        const stored = await eventually(
          () => storedEvents(home.dir, name),
          (all) => all.length > 0,
          30,
        );
        assert.equal(stored.length, 1);
      }
      await ok(home.dir, ["down", name, "--purge", "--yes"]);
      assert.deepEqual(
        hosted(home.dir).filter(({ urn }) => urn.includes(`:${name}::`)),
        [],
      );
    });
  }

  for (const point of points.slice(2)) {
    const { create, when } = point;
    it(`${when} create ${create}: down takes it down, and nothing stays`, async () => {
      const name = `gone-${create}`;
      await killed(name, point);
      await ok(home.dir, ["down", name, "--purge", "--yes"]);
      assert.deepEqual(
        hosted(home.dir).filter(({ urn }) => urn.includes(`:${name}::`)),
        [],
      );
      assert.equal((await nami(home.dir, ["down", name])).code, 1);
    });
  }
});
