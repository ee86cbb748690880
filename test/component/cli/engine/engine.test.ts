import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensureEngine, findEngine, type Makers } from "../../../../cli/engine/engine";
import { ENGINE_VERSION, isUsable, versionOf } from "../../../../cli/engine/version";
import type { CodedError } from "../../../../runtime/coded-error";
import { type CapturedIo, capturedIo } from "../../../support/captured-io";

/** A `pulumi` that answers `version` and counts how often it was asked. */
function fakePulumi(file: string, version: string, size = 0): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho x >> "${file}.asked"\necho v${version}\nexit 0\n${"#".repeat(size)}`);
  chmodSync(file, 0o755);
  return file;
}

function asked(file: string): number {
  try {
    return readFileSync(`${file}.asked`, "utf8").trim().split("\n").length;
  } catch {
    return 0;
  }
}

describe("the engine", () => {
  let dir: string;
  let home: string;
  let io: CapturedIo;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-engine-"));
    home = join(dir, "home");
    io = capturedIo();
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const makers = (how: Partial<Makers>): Makers => ({
    download: () => Promise.reject(new Error("no way out")),
    build: () => Promise.reject(new Error("no Go")),
    ...how,
  });
  const making = async (root: string) => {
    fakePulumi(join(root, "bin", "pulumi"), ENGINE_VERSION);
  };

  it("is usable from the pinned version of 3.x on", () => {
    assert.deepEqual(["3.258.9", "3.259.0", "3.259.1", "3.270.0", "4.0.0", "2.300.0"].map(isUsable), [
      false,
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it("is the one on PATH when that is new enough", async () => {
    const binary = fakePulumi(join(dir, "opt", "bin", "pulumi"), "3.260.1");
    io.env.PATH = `${join(dir, "opt", "bin")}:/usr/bin:/bin`;
    const engine = await ensureEngine({ home, io }, makers({}));
    assert.deepEqual(engine, { root: join(dir, "opt"), binary, version: "3.260.1", source: "PATH" });
  });

  it("gets a link where the Automation API looks, when it does not lie in a bin/", async () => {
    fakePulumi(join(dir, "opt", "pulumi"), ENGINE_VERSION);
    io.env.PATH = `${join(dir, "opt")}:/usr/bin:/bin`;
    const { root } = await ensureEngine({ home, io }, makers({}));
    assert.equal(await versionOf(join(root, "bin", "pulumi"), home), ENGINE_VERSION);
  });

  it("is built again when the one on PATH is too old, and says so", async () => {
    fakePulumi(join(dir, "old", "bin", "pulumi"), "3.100.0");
    io.env.PATH = `${join(dir, "old", "bin")}:/usr/bin:/bin`;
    const engine = await ensureEngine({ home, io }, makers({ build: making }));
    assert.equal(engine.source, "build");
    assert.match(io.said(), /passed over: .*old\/bin\/pulumi is 3\.100\.0/);
    assert.equal((await ensureEngine({ home, io }, makers({}))).source, "tools");
  });

  it("is reported missing with all four ways and why each failed", async () => {
    const error = await ensureEngine({ home, io }, makers({})).then(
      () => undefined,
      (thrown: CodedError) => thrown,
    );
    assert.ok(error);
    assert.equal(error.code, "ENGINE_NOT_FOUND");
    for (const part of [
      /PATH +there is none/,
      /tools .*is not there/,
      /download +no way out/,
      /source +no Go/,
    ]) {
      assert.match(error.message, part);
    }
    assert.deepEqual(readdirSync(join(home, "tools")), []);
  });

  it("is refused when NAMI_ENGINE names an old one, or none", async () => {
    io.env.NAMI_ENGINE = fakePulumi(join(dir, "given", "bin", "pulumi"), "3.10.0");
    await assert.rejects(ensureEngine({ home, io }, makers({})), { code: "ENGINE_TOO_OLD" });
    io.env.NAMI_ENGINE = join(dir, "nothing");
    await assert.rejects(ensureEngine({ home, io }, makers({})), { code: "ENGINE_UNUSABLE" });
    io.env.NAMI_ENGINE = join(dir, "given");
    fakePulumi(join(dir, "given", "bin", "pulumi"), ENGINE_VERSION);
    assert.equal((await ensureEngine({ home, io }, makers({}))).root, join(dir, "given"));
  });

  it("is made once when two start together; the second waits and says so", async () => {
    let made = 0;
    const slow = makers({
      build: async (root) => {
        made++;
        await new Promise((next) => setTimeout(next, 700));
        await making(root);
      },
    });
    const both = await Promise.all([ensureEngine({ home, io }, slow), ensureEngine({ home, io }, slow)]);
    assert.equal(made, 1);
    assert.deepEqual(both.map(({ source }) => source).sort(), ["build", "tools"]);
    assert.match(io.said(), /another nami is installing/);
  });

  it("leaves nothing behind when it is cancelled, and is made by the next run", async () => {
    const cancelled = makers({
      build: async (root) => {
        mkdirSync(root, { recursive: true });
        io.cancel();
        throw new Error("killed");
      },
    });
    await assert.rejects(ensureEngine({ home, io }, cancelled), { name: "AbortError" });
    assert.deepEqual(readdirSync(join(home, "tools")), []);
    io = capturedIo();
    assert.equal((await ensureEngine({ home, io }, makers({ build: making }))).source, "build");
  });

  it("is built again when the installed one does not run", async () => {
    const broken = join(home, "tools", `pulumi-${ENGINE_VERSION}`, "bin", "pulumi");
    mkdirSync(dirname(broken), { recursive: true });
    writeFileSync(broken, "half", { mode: 0o755 });
    const { misses } = await findEngine({ home, io });
    assert.match(misses.tools ?? "", /cannot be run/);
    assert.equal((await ensureEngine({ home, io }, makers({ build: making }))).source, "build");
  });

  it("is asked for its version once, and again when the file has changed; a script always", async () => {
    const binary = fakePulumi(join(dir, "big", "bin", "pulumi"), "3.260.0", 1_100_000);
    assert.equal(await versionOf(binary, home), "3.260.0");
    assert.equal(await versionOf(binary, home), "3.260.0");
    assert.equal(asked(binary), 1);
    fakePulumi(binary, "3.261.0", 1_200_000);
    assert.equal(await versionOf(binary, home), "3.261.0");
    const script = fakePulumi(join(dir, "small", "bin", "pulumi"), "3.260.0");
    await versionOf(script, home);
    await versionOf(script, home);
    assert.equal(asked(script), 2);
  });
});
