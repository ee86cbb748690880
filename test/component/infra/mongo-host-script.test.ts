import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MongoHostScript, mongoHostScript, USER_DATA_LIMIT } from "../../../infra/mongo-host-script";

const OPTIONS: MongoHostScript = {
  region: "ap-southeast-5",
  volumeId: "vol-0123456789abcdef0",
  passwordParameter: `/nami/${"n".repeat(40)}/mongo-password`,
  mongoVersion: "8.0.99",
  port: 27_017,
  memoryMb: 100_000,
};

describe("the user data of the Mongo host", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-user-data-"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  /** Runs it with commands that say how they were called, in a root of its own. */
  function run(options: MongoHostScript): string {
    mkdirSync(join(dir, "bin"));
    for (const command of ["systemctl", "systemd-tmpfiles"]) {
      writeFileSync(join(dir, "bin", command), `#!/bin/bash\necho ${command} "$@"\n`, { mode: 0o755 });
    }
    const env = { PATH: `${join(dir, "bin")}:${process.env.PATH}`, NAMI_SYSROOT: join(dir, "root") };
    return execFileSync("/bin/bash", ["-"], { input: mongoHostScript(options), env, encoding: "utf8" });
  }

  it("the user data with the longest names fits the limit of EC2", () => {
    assert.ok(Buffer.byteLength(mongoHostScript(OPTIONS)) <= USER_DATA_LIMIT);
  });

  it("never has mkfs make a file system by force: that would overwrite what blkid did not see", () => {
    const script = readFileSync(join(__dirname, "../../../infra/mongo-host/nami-mongo.sh"), "utf8");
    const calls = script.split("\n").filter((line) => /^\s*mkfs/.test(line));
    assert.equal(calls.length, 1);
    assert.doesNotMatch(calls[0]!, /\s(-\w*f|--force)/);
  });

  it("the script writes its files and starts a timer, and does nothing that takes time", () => {
    const said = run(OPTIONS);
    assert.deepEqual(said.trim().split("\n"), [
      `systemd-tmpfiles --create ${dir}/root/etc/tmpfiles.d/nami-mongo.conf`,
      "systemctl daemon-reload",
      "systemctl enable --now nami-mongo.timer",
      "systemctl start nami-mongo.service",
    ]);
    const file = (path: string) => join(dir, "root", path);
    assert.equal(statSync(file("usr/local/sbin/nami-mongo")).mode & 0o777, 0o755);
    assert.equal(statSync(file("etc/nami-mongo")).mode & 0o777, 0o700);
    for (const [made, source] of [
      ["usr/local/sbin/nami-mongo", "nami-mongo.sh"],
      ["etc/systemd/system/nami-mongo.service", "nami-mongo.service"],
      ["etc/systemd/system/nami-mongo.timer", "nami-mongo.timer"],
      ["etc/systemd/system/docker.service.d/nami-mongo.conf", "docker.conf"],
    ] as const) {
      const text = readFileSync(join(__dirname, "../../../infra/mongo-host", source), "utf8");
      assert.equal(readFileSync(file(made), "utf8"), text, made);
    }
    assert.ok(existsSync(file("etc/tmpfiles.d/nami-mongo.conf")));
  });

  it("the script runs no value as code", () => {
    const nasty = `/it's $(touch ${dir}/x) \`touch ${dir}/x\` "\\`;
    run({ ...OPTIONS, passwordParameter: nasty, memoryMb: undefined });
    const settings = join(dir, "root/etc/nami-mongo/settings");
    const read = ["-c", `source '${settings}'; printf '%s|%s|%s' "$PARAMETER" "$IMAGE" "$MEMORY_MB"`];
    assert.equal(execFileSync("/bin/bash", read, { encoding: "utf8" }), `${nasty}|mongo:8.0.99|`);
    assert.ok(!existsSync(join(dir, "x")));
  });
});
