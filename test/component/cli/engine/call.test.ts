import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callEngine } from "../../../../cli/engine/call";
import type { Engine } from "../../../../cli/engine/engine";
import { CodedError } from "../../../../runtime/coded-error";

/** Says that it runs, and does not care for SIGINT. */
const STUBBORN = `#!/bin/sh
trap '' INT
echo running
i=0
while [ $i -lt 10 ]; do sleep 0.1; i=$((i + 1)); done
`;

describe("a call of the engine", function () {
  this.timeout(20_000);
  let dir: string;
  let engine: Engine;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-call-"));
    engine = { root: dir, binary: join(dir, "pulumi"), version: "3.259.0", source: "PATH" };
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  function script(text: string): void {
    writeFileSync(engine.binary, text);
    chmodSync(engine.binary, 0o755);
  }
  /** Aborts as soon as it runs; answers whether it came to its own end. */
  async function endsByItself(reason: unknown): Promise<boolean> {
    script(STUBBORN);
    const controller = new AbortController();
    const call = { cwd: dir, env: {}, signal: controller.signal, grace: 200 };
    const ended = callEngine(engine, ["up"], { ...call, onOutput: () => controller.abort(reason) });
    return ended.then(
      () => true,
      () => false,
    );
  }

  it("is ended soon after a lock was lost, and has all its time after a Ctrl+C", async () => {
    assert.equal(await endsByItself(new CodedError("LOCK_LOST", "lost", "", 1)), false);
    assert.equal(await endsByItself(undefined), true);
  });

  it("takes the passphrase that is named, not an inherited one", async () => {
    script('#!/bin/sh\necho "$PULUMI_CONFIG_PASSPHRASE:$PULUMI_CONFIG_PASSPHRASE_FILE"\n');
    process.env.PULUMI_CONFIG_PASSPHRASE = "inherited";
    try {
      const file = await callEngine(engine, [], {
        cwd: dir,
        env: { PULUMI_CONFIG_PASSPHRASE_FILE: "/file" },
      });
      assert.equal(file.stdout.trim(), ":/file");
      assert.equal((await callEngine(engine, [], { cwd: dir, env: {} })).stdout.trim(), "inherited:");
    } finally {
      delete process.env.PULUMI_CONFIG_PASSPHRASE;
    }
  });
});
