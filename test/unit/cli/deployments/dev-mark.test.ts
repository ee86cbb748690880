import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Backend } from "../../../../cli/deployments/backend";
import { type NewConfig, withOptions } from "../../../../cli/deployments/config";
import {
  carryDevMarks,
  devMarks,
  readDevMark,
  removeDevMark,
  writeDevMark,
} from "../../../../cli/deployments/dev-mark";
import { ownState } from "../../../../cli/deployments/state";
import { capturedIo } from "../../../support/captured-io";

describe("the mark that nami dev leaves", () => {
  let home: string;
  let backend: Backend;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "nami-mark-"));
    backend = new Backend(home, capturedIo(), ownState(home));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it("stays in the state until it is removed, and says since when and by whom", async () => {
    assert.equal(await readDevMark(backend, "orders"), undefined);
    const mark = await writeDevMark(backend, "orders", Date.UTC(2026, 0, 31));
    assert.equal(mark.since, "2026-01-31T00:00:00.000Z");
    assert.match(mark.by, /@/);
    assert.deepEqual(await readDevMark(backend, "orders"), mark);
    assert.deepEqual([...(await devMarks(backend))], ["orders"]);
    await removeDevMark(backend, "orders");
    assert.deepEqual([...(await devMarks(backend))], []);
  });

  it("is a new one each time, and the end of an older dev does not remove it", async () => {
    const first = await writeDevMark(backend, "orders", 0);
    const second = await writeDevMark(backend, "orders", 0);
    assert.notEqual(first.edition, second.edition);
    await removeDevMark(backend, "orders", first.edition);
    assert.deepEqual(await readDevMark(backend, "orders"), second);
    await removeDevMark(backend, "orders", second.edition);
    assert.equal(await readDevMark(backend, "orders"), undefined);
  });

  it("goes with the state to another place", async () => {
    const other = new Backend(home, backend.io, `file://${join(home, "team")}`);
    const mark = await writeDevMark(backend, "orders", 0);
    await carryDevMarks(backend, other);
    assert.equal(await readDevMark(backend, "orders"), undefined);
    assert.deepEqual(await readDevMark(other, "orders"), mark);
  });

  it("cannot be put where only the engine reads", async () => {
    const odd = new Backend(home, backend.io, "gs://bucket");
    await assert.rejects(writeDevMark(odd, "orders", 0), { code: "DEV_NOT_OFFERED" });
    assert.equal(await readDevMark(odd, "orders"), undefined);
  });

  it("becomes the edition in the config of the pipeline alone, which stays when the mark has gone", () => {
    const wanted: NewConfig = { of: "name", written: {}, secrets: {}, edition: "e1" };
    const config = (project: "nami" | "nami-data", more: object = {}, before = {}) =>
      withOptions(project, { config: before }, { ...wanted, ...more }).config;
    assert.deepEqual(config("nami"), { "nami:edition": "e1" });
    assert.deepEqual(config("nami-data"), {});
    assert.deepEqual(config("nami", { edition: undefined }, { "nami:edition": "e1" }), {
      "nami:edition": "e1",
    });
  });
});
