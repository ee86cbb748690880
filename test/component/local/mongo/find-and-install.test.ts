import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findMongoEngine } from "../../../../local/mongo/find";
import { installMongoEngine } from "../../../../local/mongo/install";

/** Stands for Python: makes a virtual environment whose pip does what `pip` says. */
const python = (pip: string) => `
case "$*" in
  -c*) exit 0 ;;
  "-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python3" ;;
  "-m pip "*) ${pip} ;;
  *--help) exit 0 ;;
esac`;

describe("the Mongo server of a NAMI_HOME", () => {
  let home: string;
  let env: NodeJS.ProcessEnv;
  const steps: string[] = [];
  const progress = { step: (text: string) => void steps.push(text) };
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "nami-find-"));
    mkdirSync(join(home, "bin"));
    // The download has nowhere to go: nobody listens on port 1.
    env = { PATH: `${home}/bin:/bin:/usr/bin`, MONGOMS_DOWNLOAD_MIRROR: "https://127.0.0.1:1" };
    steps.length = 0;
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const command = (name: string, text: string) => {
    writeFileSync(join(home, "bin", name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(home, "bin", name), 0o755);
  };

  it("is the mongod on the PATH, when it is new enough", async () => {
    command("mongod", "echo 'db version v8.0.4'");
    const engine = await findMongoEngine({ home, env });
    assert.equal(engine.name, "mongod 8.0.4");
    assert.equal(engine.command, join(home, "bin", "mongod"));
    const args = engine.args({ port: 5, dataDir: "/d", auth: true }).join(" ");
    assert.match(args, /--dbpath \/d --port 5 --bind_ip 127\.0\.0\.1 .*--auth/);
  });

  it("is not found with a message that names every way and why it failed", async () => {
    command("mongod", "echo 'db version v4.2.24'");
    await assert.rejects(findMongoEngine({ home, env }), (error: Error & { code: string }) => {
      assert.equal(error.code, "MONGO_NOT_FOUND");
      assert.match(error.message, /mongod on the PATH: .* is 4\.2\.24, older than 4\.4/);
      assert.match(error.message, /mongod in NAMI_HOME: not downloaded/);
      assert.match(error.message, /SecantusDB in NAMI_HOME: not installed/);
      return true;
    });
  });

  it("is not found with the error text of a mongod that cannot run", async () => {
    command("mongod", "echo 'libcurl.so.4: cannot open shared object file' >&2; exit 127");
    await assert.rejects(
      findMongoEngine({ home, env }),
      /mongod --version failed: libcurl.so.4: cannot open/,
    );
  });

  it("is the one that NAMI_MONGO names, which must be a known name", async () => {
    command("mongod", "echo 'db version v8.0.4'");
    await assert.rejects(findMongoEngine({ home, env: { ...env, NAMI_MONGO: "secantusdb" } }), {
      code: "MONGO_NOT_FOUND",
    });
    await assert.rejects(findMongoEngine({ home, env: { ...env, NAMI_MONGO: "mysql" } }), {
      code: "MONGO_WAY_UNKNOWN",
      exitCode: 2,
    });
  });

  it("never opens data of another server's format", async () => {
    command("mongod", "echo 'db version v8.0.4'");
    await assert.rejects(findMongoEngine({ home, env, format: "secantusdb" }), /was made by secantusdb/);
    assert.equal((await findMongoEngine({ home, env, format: "mongod" })).format, "mongod");
  });

  it("is installed once by two runs that start together", async () => {
    command("python3", python(`sleep 0.5; echo "$*" >>'${home}/pips'`));
    const both = [installMongoEngine({ home, env }, progress), installMongoEngine({ home, env }, progress)];
    const [one, two] = await Promise.all(both);
    assert.equal(one!.name, "SecantusDB 0.7.0b3");
    assert.equal(two!.command, one!.command);
    assert.equal(readFileSync(join(home, "pips"), "utf8").trim().split("\n").length, 1);
    assert.ok(steps.some((text) => /Another nami is installing/.test(text)));
  }).timeout(15_000);

  it("is installed again where an installation was interrupted", async () => {
    command("python3", python("exit 0"));
    mkdirSync(join(home, "tools", "secantusdb", "bin"), { recursive: true });
    writeFileSync(join(home, "tools", "secantusdb", "half"), "");
    await installMongoEngine({ home, env: { ...env, NAMI_MONGO: "secantusdb" } }, progress);
    assert.ok(!existsSync(join(home, "tools", "secantusdb", "half")));
    assert.equal((await findMongoEngine({ home, env })).way, "secantusdb");
  });

  it("is not found with a message that says why each installation failed", async () => {
    command("python3", python("echo 'No matching distribution' >&2; exit 1"));
    await assert.rejects(installMongoEngine({ home, env }, progress), (error: Error & { code: string }) => {
      assert.equal(error.code, "MONGO_NOT_FOUND");
      assert.match(error.message, /mongod on the PATH: there is none/);
      assert.match(error.message, /mongod by download: .*ECONNREFUSED/);
      assert.match(
        error.message,
        /SecantusDB .*: No matching distribution \(log: .*secantusdb-install\.log\)/,
      );
      return true;
    });
    assert.match(readFileSync(join(home, "tools", "secantusdb-install.log"), "utf8"), /No matching/);
  }).timeout(15_000);
});
