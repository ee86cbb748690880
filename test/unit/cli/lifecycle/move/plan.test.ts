import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Backend } from "../../../../../cli/deployments/backend";
import { readMark, refuseMoved, writeMark } from "../../../../../cli/deployments/move-mark";
import { movedBackend, rememberState } from "../../../../../cli/deployments/places";
import { idOf, planMove } from "../../../../../cli/lifecycle/move/plan";
import { capturedIo } from "../../../../support/captured-io";

describe("what is to be moved", () => {
  let dir: string;
  const io = capturedIo({ env: {} });
  const backend = (name: string) => new Backend(join(dir, "home"), io, `file://${join(dir, name)}`);

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-plan-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  function keep(state: string, id: string, latest: object = {}): void {
    const [project, stack] = id.split("/") as [string, string];
    const stacks = join(dir, state, ".pulumi", "stacks", project);
    mkdirSync(stacks, { recursive: true });
    writeFileSync(join(stacks, `${stack}.json`), JSON.stringify({ version: 3, checkpoint: { latest } }));
  }
  const plan = async (mine: string[] = []) =>
    (await planMove(backend("from"), backend("to"), mine)).map(idOf);

  it("is every name, its data and the gateways, and nothing of other projects", async () => {
    for (const id of [
      "nami/demo",
      "nami-data/demo",
      "nami-data/old",
      "nami-gateway/local-us-east-1",
      "shop/prod",
    ])
      keep("from", id);
    keep("to", "nami/other");
    keep("to", "shop/prod");
    assert.deepEqual(await plan(), [
      "nami-data/demo",
      "nami-data/old",
      "nami/demo",
      "nami-gateway/local-us-east-1",
    ]);
  });

  it("is refused where the destination has the like of its own, which an interrupted run of the same move has not", async () => {
    keep("from", "nami/demo");
    keep("from", "nami-gateway/local-us-east-1");
    keep("to", "nami-gateway/local-us-east-1");
    await assert.rejects(plan(), ({ code, message }: { code: string; message: string }) => {
      assert.equal(code, "STATE_TAKEN");
      return message.includes("nami-gateway/local-us-east-1") && !message.includes("nami/demo");
    });
    assert.equal((await plan(["nami-gateway/local-us-east-1"])).length, 2);
  });

  it("is refused while an operation on it was interrupted, with the command that settles it", async () => {
    keep("from", "nami/demo", { pending_operations: [{}] });
    keep("from", "nami-gateway/local-us-east-1", { pending_operations: [{}] });
    await assert.rejects(plan(), { code: "STACK_UNSETTLED", hint: "nami up demo" });
  });

  it("of nothing is an error, unless it is the rest of an interrupted move", async () => {
    await assert.rejects(plan(), { code: "STATE_EMPTY" });
    assert.deepEqual(await plan(["nami/demo"]), []);
  });

  describe("leaves a mark", () => {
    const mark = {
      from: "s3://old",
      to: "s3://new",
      stacks: ["nami/demo"],
      startedAt: "2026-01-01T00:00:00Z",
    };

    it("that nobody works beside, and that tells afterwards where everything is", async () => {
      const store = (await backend("from").store())!;
      await refuseMoved(backend("from"));
      await writeMark(store, mark);
      await assert.rejects(refuseMoved(backend("from")), { code: "STATE_MOVING" });
      await writeMark(store, { ...mark, done: true });
      await assert.rejects(refuseMoved(backend("from")), {
        code: "STATE_MOVED",
        hint: "export NAMI_STATE='s3://new'",
      });
      assert.equal((await readMark(store))?.done, true);
    });

    it("by which a name is followed to the place that is asked for, and to no other", async () => {
      const home = join(dir, "home");
      const [old, fresh] = [`file://${join(dir, "from")}`, `file://${join(dir, "to")}`];
      rememberState(home, "demo", old);
      const found = async (asked?: string) => (await movedBackend(home, io, "demo", asked)).state;
      assert.equal(await found(fresh), old);
      await writeMark((await backend("from").store())!, { ...mark, to: fresh, done: true });
      assert.equal(await found(fresh), fresh);
      assert.equal(await found(), old);
      assert.equal(await found("s3://elsewhere"), old);
    });
  });
});
