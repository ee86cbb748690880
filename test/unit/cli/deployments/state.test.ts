import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backendOf, forgetState, rememberedStates, rememberState } from "../../../../cli/deployments/places";
import { askedState, ownState, sameState } from "../../../../cli/deployments/state";
import { capturedIo } from "../../../support/captured-io";

describe("the URL of a state", () => {
  const io = capturedIo({ cwd: "/work/here", env: { HOME: "/home/me" } });

  it("is a folder from where the person stands, when it has no scheme", () => {
    for (const [text, url] of [
      ["state", "file:///work/here/state"],
      ["../state/", "file:///work/state"],
      ["/abs", "file:///abs"],
      ["file://./state", "file:///work/here/state"],
      ["file://~/state", "file:///home/me/state"],
      ["~", "file:///home/me"],
      ["s3://team?region=x", "s3://team?region=x"],
    ]) {
      assert.equal(askedState(text, io), url, text);
    }
    assert.equal(askedState(undefined, capturedIo({ env: { NAMI_STATE: "s3://team" } })), "s3://team");
    assert.equal(askedState(undefined, io), undefined);
  });

  it("is refused where it is no backend of one's own", () => {
    for (const url of ["foo://x", "https://api.pulumi.com", "S3://team"])
      assert.throws(() => askedState(url, io), { code: "STATE_INVALID", exitCode: 2 }, url);
    for (const url of ["gs://team", "azblob://team"]) assert.equal(askedState(url, io), url);
  });

  it("means the same place however it is reached", () => {
    const same = [
      ["s3://team", "s3://team/?region=eu-west-1&profile=work"],
      ["s3://team/a/", "s3://team/a"],
      ["file:///a/b", "file:///a/b/"],
      ["s3://t?endpoint=minio:1", "s3://t?endpoint=https://minio:1"],
    ] as const;
    for (const [one, other] of same) assert.ok(sameState(one, other), `${one} ${other}`);
    const different = [
      ["s3://team", "s3://other"],
      ["s3://team/a", "s3://team/b"],
      ["s3://team", "gs://team"],
      ["file:///a", "file:///b"],
      ["s3://t?endpoint=minio:1", "s3://t"],
    ] as const;
    for (const [one, other] of different) assert.ok(!sameState(one, other), `${one} ${other}`);
  });
});

describe("where the state of a name is known to lie", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "nami-places-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const stateOf = (name: string, given?: string) =>
    backendOf(home, capturedIo({ env: {} }), name, given).state;

  it("is remembered until it is forgotten, or is this home's own", () => {
    rememberState(home, "orders", "s3://team");
    assert.equal(stateOf("orders"), "s3://team");
    assert.equal(stateOf("bills"), ownState(home));
    assert.equal(stateOf("bills", "s3://other"), "s3://other");
    rememberState(home, "orders", ownState(home));
    assert.equal(stateOf("orders"), ownState(home));
    rememberState(home, "orders", "s3://team");
    forgetState(home, "orders");
    assert.equal(stateOf("orders"), ownState(home));
  });

  it("is taken as it is written now, when that is the same place", () => {
    rememberState(home, "orders", "s3://team?profile=old");
    assert.equal(stateOf("orders", "s3://team/?profile=new"), "s3://team/?profile=new");
    assert.equal(stateOf("orders", "s3://other"), "s3://team?profile=old");
  });

  it("counts a place once, however often and differently it is written", () => {
    rememberState(home, "a", "s3://team");
    rememberState(home, "b", "s3://team?region=x");
    rememberState(home, "c", "s3://other");
    assert.deepEqual(rememberedStates(home), ["s3://team", "s3://other"]);
  });
});
