import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Args } from "../../../../cli/command";
import { rememberProfile, useProfile } from "../../../../cli/deployments/profiles";
import { capturedIo } from "../../../support/captured-io";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "s", AWS_SESSION_TOKEN: "t" };

describe("the AWS profile of a name", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "nami-profiles-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const args = (name: string, profile?: string) => ({ name, profile }) as unknown as Args;
  const envAfter = (asked: Args, more: object = {}) => {
    const io = capturedIo({ env: { NAMI_HOME: home, ...KEYS, ...more } });
    useProfile(asked, io);
    return io.env;
  };

  it("is not set until one is asked for", () => {
    assert.deepEqual(envAfter(args("orders")), { NAMI_HOME: home, ...KEYS });
  });

  it("wins over keys in the environment, which both SDK and engine would take first", () => {
    assert.deepEqual(envAfter(args("orders", "work")), { NAMI_HOME: home, AWS_PROFILE: "work" });
    const named = { NAMI_PROFILE: "shop" };
    assert.equal(envAfter(args("orders"), named).AWS_PROFILE, "shop");
    assert.equal(envAfter(args("orders", "work"), named).AWS_PROFILE, "work");
  });

  it("is remembered for the name, until it is taken back", () => {
    const io = capturedIo({ env: {} });
    rememberProfile(home, args("orders", "work"), io);
    rememberProfile(home, args("invoices", "shop"), io);
    rememberProfile(home, args("orders"), io);
    assert.equal(envAfter(args("orders")).AWS_PROFILE, "work");
    assert.equal(envAfter(args("other")).AWS_PROFILE, undefined);
    rememberProfile(home, args("orders", ""), io);
    assert.equal(envAfter(args("orders")).AWS_PROFILE, undefined);
    assert.equal(envAfter(args("invoices")).AWS_PROFILE, "shop");
  });
});
