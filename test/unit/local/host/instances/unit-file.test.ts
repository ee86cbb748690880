import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  readService,
  readTimer,
  requiredMounts,
  UNIT_FOLDER,
  wantedBy,
} from "../../../../../local/host/instances/unit-file";

const SERVICE = "[Service]\nType=oneshot\nExecStart=/sbin/a\nStandardOutput=journal\n";

describe("the unit files of a local machine", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "nami-units-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function put(name: string, text: string): void {
    const file = join(root, UNIT_FOLDER, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  it("are read with comments, blanks and settings that mean nothing here", () => {
    put(
      "a.service",
      `# A comment\n[Unit]\nDescription = A\nAfter=b.target\n\n${SERVICE}; another\nLogLevelMax=notice\n`,
    );
    assert.deepEqual(readService(root, "a.service"), { command: join(root, "/sbin/a") });
    put(
      "a.timer",
      "[Timer]\nOnActiveSec=1s\nOnUnitInactiveSec=2min\nAccuracySec=5s\n[Install]\nWantedBy=timers.target x.target\n",
    );
    assert.deepEqual(readTimer(root, "a.timer"), {
      starts: "a.service",
      afterStart: 1000,
      afterEnd: 120_000,
    });
    assert.deepEqual(wantedBy(root, "a.timer"), ["timers.target", "x.target"]);
    put("b.timer", "[Timer]\nOnActiveSec=7\n");
    assert.deepEqual(readTimer(root, "b.timer"), {
      starts: "b.service",
      afterStart: 7000,
      afterEnd: undefined,
    });
  });

  it("name the mounts that a packaged unit requires in drop-ins", () => {
    assert.deepEqual(requiredMounts(root, "docker.service"), []);
    put("docker.service.d/a.conf", "[Unit]\nRequiresMountsFor=/a /b\n");
    put("docker.service.d/b.conf", "[Unit]\nRequiresMountsFor=/c\n");
    assert.deepEqual(requiredMounts(root, "docker.service").sort(), ["/a", "/b", "/c"]);
  });

  for (const [what, text, problem] of [
    ["a type that is not oneshot", SERVICE.replace("oneshot", "simple"), "Type=simple"],
    ["no type", SERVICE.replace("Type=oneshot\n", ""), "no Type="],
    ["two commands", `${SERVICE}ExecStart=/sbin/b\n`, "more than one ExecStart="],
    ["arguments", SERVICE.replace("/sbin/a", "/sbin/a --b"), "ExecStart=/sbin/a --b"],
    ["a setting that means something", `${SERVICE}Restart=always\n`, "[Service] Restart=always"],
    ["a known setting in another section", `${SERVICE}OnActiveSec=1\n`, "[Service] OnActiveSec=1"],
    ["an output that is not the journal", SERVICE.replace("journal", "null"), "StandardOutput=null"],
    ["a line that is no setting", `${SERVICE}what\n`, "what"],
  ] as const) {
    it(`are refused with ${what}`, () => {
      put("a.service", text);
      const message = `a.service: the local target does not know: ${problem}`;
      assert.throws(() => readService(root, "a.service"), { message, code: 64 });
    });
  }

  it("are refused with an invalid span of time, and when they do not exist", () => {
    put("a.timer", "[Timer]\nOnActiveSec=1min 30s\n");
    assert.throws(() => readTimer(root, "a.timer"), { code: 64 });
    assert.throws(() => readTimer(root, "none.timer"), { message: "Unit none.timer not found.", code: 5 });
  });
});
