import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { paths } from "../../local/paths";
import { makeHome, type TestHome } from "../support/home";
import { eventually, json, nami, ok, storedEvents, up } from "../support/nami";
import { post } from "../support/post";

interface Failure {
  error: { code: string; message: string; hint: string };
}

describe("bad input", function () {
  this.timeout(180_000);
  let home: TestHome;
  let code: string;
  beforeEach(async () => {
    home = await makeHome();
    code = mkdtempSync(join(tmpdir(), "nami-code-"));
  });
  afterEach(async () => {
    await home.close();
    rmSync(code, { recursive: true, force: true });
  });

  /** Runs what is to fail; answers the error it printed. */
  async function refused(exit: number, ...args: string[]): Promise<Failure["error"]> {
    const { code: left, out, err } = await nami(home.dir, [...args, "--json"]);
    assert.equal(left, exit, out + err);
    return (JSON.parse(out) as Failure).error;
  }

  it("user code that cannot work is refused with its place, before anything is made", async () => {
    const file = join(code, "store.ts");
    const deploy = (exit = 2) => refused(exit, "up", "demo", "--yes", "--post-queue", file);
    assert.equal((await deploy()).code, "HANDLER_MISSING");
    writeFileSync(file, "export default async () => {\n  const x = ;\n};\n");
    const wrong = await deploy();
    assert.equal(wrong.code, "HANDLER_INVALID");
    assert.match(wrong.message, new RegExp(`${file}:2:13\n +const x = ;\n +\\^`));
    writeFileSync(file, "export const x = 1;\n");
    assert.equal((await deploy()).code, "HANDLER_NO_DEFAULT");
    assert.deepEqual(await json(home.dir, ["ls", "--all"]), []);
    assert.equal((await refused(1, "host", "status")).code, "HOST_NOT_RUNNING");
  });

  it("a Mongo port that another program has is refused before anything is made", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    try {
      const { code, message } = await refused(1, "up", "demo", "--mongo-port", String(port));
      assert.equal(code, "MONGO_PORT_TAKEN");
      assert.match(message, new RegExp(String(port)));
    } finally {
      other.close();
    }
    assert.deepEqual(await json(home.dir, ["ls", "--all"]), []);
  });

  it("a damaged host database is refused and left as it is; moved away as the hint says, no stored event is lost", async () => {
    const url = await up(home.dir, "demo");
    await post(url, "kept", { "webhook-id": "before" });
    const stored = () => storedEvents(home.dir, "demo");
    assert.equal((await eventually(stored, (all) => all.length === 1, 20)).length, 1);
    await ok(home.dir, ["host", "stop"]);
    const garbage = Buffer.alloc(20_000, 0xa5);
    writeFileSync(paths.hostDatabase(home.dir), garbage);
    for (const command of [
      ["up", "demo"],
      ["host", "start"],
      ["down", "demo"],
    ]) {
      assert.equal((await refused(1, ...command)).code, "HOST_DATABASE_CORRUPT", command.join(" "));
    }
    assert.deepEqual(readFileSync(paths.hostDatabase(home.dir)), garbage);
    const { hint } = await refused(1, "host", "start");
    execFileSync("sh", ["-c", hint.replace(/ && nami .*/, "")]);
    await ok(home.dir, ["host", "start"]);
    assert.equal((await refused(1, "events", "demo")).code, "PARTS_MISSING");
    const foreseen = await json<{ changes: object }>(home.dir, ["preview", "demo"]);
    assert.notDeepEqual(foreseen.changes, {});
    await up(home.dir, "demo");
    assert.equal((await stored()).length, 1);
  });
});
