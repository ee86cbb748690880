import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { paths } from "../../local/paths";
import type { HostFile } from "../../local/protocol";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, untilStored } from "../support/nami";
import { operatorOf } from "../support/operate";
import { post } from "../support/post";
import { requireMounts } from "../support/power-lab";

/** What becomes of a file or folder, and what undoes it. */
const WAYS: Record<string, (path: string, isFolder: boolean) => () => void> = {
  gone: (path) => {
    renameSync(path, `${path}.gone`);
    return () => {
      // Whoever missed it may have made another one.
      rmSync(path, { recursive: true, force: true });
      renameSync(`${path}.gone`, path);
    };
  },
  "read-only": (path) => {
    execFileSync("mount", ["--bind", path, path]);
    execFileSync("mount", ["-o", "remount,bind,ro", path]);
    return () => execFileSync("umount", ["--lazy", path]);
  },
  full: (path, isFolder) => {
    if (isFolder) {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=4k,nr_inodes=1", "tmpfs", path]);
    } else execFileSync("mount", ["--bind", "/dev/full", path]);
    return () => execFileSync("umount", ["--lazy", path]);
  },
};

/** Of Mongo, of the engine and of the tools: not the host's to write; inside of the code of functions nothing is written. */
const OTHERS =
  /^(volumes\/[^/]+\/.+|code\/[^/]+\/.+|sandboxes\/(compiled|running)\/.+|instances\/[^/]+\/root\/.+)$/;

describe("one file or folder of the host that takes no write", function () {
  this.timeout(1_800_000);
  let home: DemoHome;
  let host: string;

  before(async () => {
    requireMounts("mounting over a file");
    home = await demoHome();
    host = paths.host(home.dir);
  });
  after(() => home?.close());

  const hostPid = async () => (await json<HostFile>(home.dir, ["host", "status"])).pid;
  /** So that the next event needs a cold start. */
  const endSandboxes = () => {
    for (const pid of readdirSync(join(host, "sandboxes", "running")).map(Number)) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended.
      }
    }
  };
  const targets = () =>
    readdirSync(host, { recursive: true, withFileTypes: true })
      .map((entry) => relative(host, join(entry.parentPath, entry.name)))
      .filter((path) => !OTHERS.test(path))
      .concat("")
      .sort();

  it("ends no host, gets senders a 503 or a 200 that is kept, and is forgotten when it is over", async () => {
    const acknowledged: string[] = [];
    const wrong: string[] = [];
    const send = async (id: string) => {
      const { status } = await post(home.url, "x", { "webhook-id": id });
      if (status === 200) acknowledged.push(id);
      return status;
    };
    assert.equal(await send("first"), 200);
    assert.deepEqual(await untilStored(home.dir, "demo", acknowledged, 60), []);
    const operator = await operatorOf(home.dir, "demo");
    const pid = await hostPid();
    let count = 0;
    for (const target of targets())
      for (const [way, spoil] of Object.entries(WAYS)) {
        const path = join(host, target);
        if (!existsSync(path)) continue;
        const title = `${target || "the whole folder"}, ${way}`;
        endSandboxes();
        // Until the host knows.
        await sleep(200);
        const restore = spoil(path, statSync(path).isDirectory());
        try {
          const statuses = await Promise.all(Array.from({ length: 3 }, (_, i) => send(`${count}-${i}`)));
          if (statuses.some((status) => status !== 200 && status !== 503))
            wrong.push(`${title}: ${statuses}`);
          await operator.watch("round").catch(() => {});
        } finally {
          restore();
        }
        const after = await eventually(
          () => send(`${count}-after`),
          (status) => status === 200,
          60,
        );
        if (after !== 200) wrong.push(`${title}: afterwards ${after}`);
        try {
          process.kill(pid, 0);
        } catch {
          throw new Error(`the host ended: ${title}`);
        }
        count++;
      }
    // Mongo's own folders were among them: it may be waiting to be started again.
    const { health } = await eventually(
      () => operator.watch("round"),
      (report) => report.health.answers && report.pause.by === null,
      240,
    );
    operator.close();
    assert.equal(health.answers, true, health.reason);
    assert.ok(count > 60, `only ${count} were tried`);
    assert.deepEqual(wrong, []);
    assert.equal(await hostPid(), pid);
    assert.deepEqual(await untilStored(home.dir, "demo", acknowledged, 300), []);
  });
});
