import assert from "node:assert/strict";
import { makeHome, type TestHome } from "./home";
import { hosted, twice, upWithEngineKilled } from "./killed-engine";
import { eventually, json, nami, ok, storedEvents } from "./nami";
import { post } from "./post";

/** AWS answers before things work, and takes nothing over: what was asked for is there, whoever knows of it. */
const asAws = { slowSeconds: 0.5, takeOver: false };

/** With these a name has about everything that can be made of it. */
const wide = ["--vpc", "new", "--egress", "nat", "--alarm-email", "ops@example.com", "--snapshots", "3"];

/** A create of an `up`, counted over gateway (in the first), data and pipeline. */
export interface KillPoint {
  create: number;
  /** Whether the host has made the thing when the engine is killed. */
  when: "before" | "after";
}

export interface KillPoints {
  /** An `up` follows. */
  mended: KillPoint[];
  /** A `down` follows. */
  takenDown: KillPoint[];
  /** Of the `up` that is killed. */
  flags?: string[];
}

/** Declares the tests of an engine that is killed. */
export function killedEngine({ mended, takenDown, flags = wide }: KillPoints): void {
  describe("an engine that is killed in the middle of its creates", function () {
    this.timeout(600_000);
    let home: TestHome;

    before(async () => {
      home = await makeHome();
      await ok(home.dir, ["host", "start"], { env: { NAMI_REHEARSAL: JSON.stringify(asAws) } });
    });
    after(() => home?.close());

    const killed = async (name: string, point: KillPoint) => {
      const cut = await upWithEngineKilled(home.dir, ["up", name, "--yes", ...flags], point, asAws);
      assert.equal(cut.code, 1, cut.err);
      assert.match(cut.err, /error\[ENGINE_ENDED\]/);
      return cut;
    };

    for (const [i, point] of mended.entries()) {
      const { create, when } = point;
      it(`${when} create ${create} is mended by the next up, which makes nothing twice`, async () => {
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
            60,
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

    for (const point of takenDown) {
      const { create, when } = point;
      it(`${when} create ${create} leaves a name that down takes down whole`, async () => {
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
}
