import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { report } from "../../../../cli/commands/up";
import { main } from "../../../../cli/main";
import { paths } from "../../../../local/paths";
import { capturedIo } from "../../../support/captured-io";

const REFUSED = /every event is refused until a secret is added: nami secret add demo @-/;

describe("a preset whose secret comes in the handshake", function () {
  this.timeout(20_000);
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "nami-later-"));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  async function nami(...argv: string[]): Promise<string> {
    const io = capturedIo({ env: { PATH: "/usr/bin:/bin", NAMI_HOME: home, HOME: home } });
    await main(argv, io);
    return io.said();
  }

  /** What an `up` leaves in the state. */
  function keep(verify: string, secrets: object[]): void {
    const dir = join(paths.state(home), ".pulumi", "stacks", "nami");
    mkdirSync(dir, { recursive: true });
    const outputs = { name: "demo", target: "local", region: "us-east-1", url: "http://h/demo" };
    const resources = [
      { urn: "u", type: "pulumi:pulumi:Stack", outputs: { ...outputs, verified: true, verify, secrets } },
    ];
    writeFileSync(
      join(dir, "demo.json"),
      JSON.stringify({ version: 3, checkpoint: { latest: { resources } } }),
    );
  }

  it("is shown to be deployed without one, and what comes after that", async () => {
    for (const preset of ["notion", "asana"]) {
      const said = await nami("verify", "show", preset);
      assert.match(
        said,
        new RegExp(`used as +nami up <name> --verify ${preset}\nthen +nami secret add <name> @-`),
      );
    }
    const said = await nami("verify", "show", "stripe");
    assert.match(said, /used as +nami up <name> --verify stripe --secret env:SECRET\n/);
    assert.doesNotMatch(said, /secret add/);
  });

  it("refuses all events while there is none, and status says so", async () => {
    keep("notion", []);
    assert.match(await nami("status", "demo"), REFUSED);
    keep("notion", [{ number: 1, addedAt: null }]);
    assert.match(await nami("status", "demo"), /notion, with 1 secret\n/);
    keep("ip", []);
    assert.doesNotMatch(await nami("status", "demo"), REFUSED);
  });

  it("refuses all events while there is none, and up says so", () => {
    const up = (verify: string, secrets: number) => {
      const io = capturedIo();
      const facts = { name: "demo", url: "http://h/demo", target: "local", region: "us-east-1", changes: {} };
      report(io, { ...facts, verified: true, verify, secrets, ready: { ms: 1 } });
      return io.said();
    };
    assert.match(up("asana", 0), REFUSED);
    assert.doesNotMatch(up("asana", 1), REFUSED);
    assert.doesNotMatch(up("custom", 0), REFUSED);
  });
});
