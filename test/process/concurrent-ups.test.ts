import assert from "node:assert/strict";
import { makeHome, type TestHome } from "../support/home";
import { json, nami } from "../support/nami";

describe("two `up` processes at once in an empty home", function () {
  this.timeout(300_000);
  let home: TestHome;

  beforeEach(async () => {
    home = await makeHome();
  });
  afterEach(() => home?.close());

  const up = (name: string, ...flags: string[]) =>
    nami(home.dir, ["up", name, "--yes", ...flags], { spawned: true });

  it("of one name: one deploys it, the other says who holds the lock and changes nothing", async () => {
    const results = await Promise.all([up("demo"), up("demo", "--batch-size", "3")]);
    const [won, lost] = results[0]!.code === 0 ? results : [results[1]!, results[0]!];
    assert.equal(won.code, 0, won.err);
    assert.equal(lost.code, 1);
    assert.match(lost.err, /error\[LOCKED\].*pid \d+/s);
    assert.equal((await json<unknown[]>(home.dir, ["ls"])).length, 1);
    const winning = results[0] === won ? [] : ["--batch-size", "3"];
    const { changes } = await json<{ changes: object }>(home.dir, ["up", "demo", "--yes", ...winning]);
    assert.deepEqual(changes, {});
  });

  it("of two names: both deploy their name behind one gateway, on one host", async () => {
    const results = await Promise.all([up("first"), up("second")]);
    for (const { code, err } of results) assert.equal(code, 0, err);
    const listed = await json<{ name: string; url: string }[]>(home.dir, ["ls"]);
    assert.deepEqual(
      listed.map(({ name, url }) => [name, url]),
      ["first", "second"].map((name) => [name, `http://${home.gateway}/${name}`]),
    );
  });
});
