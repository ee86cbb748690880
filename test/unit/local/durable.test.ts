import assert from "node:assert/strict";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { renameDurably, syncTree, writeDurably } from "../../../local/durable";
import { filesUnder } from "../../support/files-under";

const root = join(__dirname, "..", "..", "..");

/** What else renames, and why a power cut may take that back. */
const OTHERS: Record<string, string> = {
  "cli/deployments/store/file-store.ts":
    "locks and marks of a shared folder, which another machine's power cut cannot leave half-written",
  "cli/engine/version.ts": "a note that saves the time of asking again",
  "infra/build-folder.ts": "code that is compared with what it shall be before it is used",
  "local/host/functions/sandbox-file.ts": "code that is written again at each start",
  "local/host/instances/requests.ts": "an answer to a process that does not outlive the power cut",
  "local/host/logs/log-file.ts": "lines of a log",
  "local/mongo/data-folder.ts": "a folder without an event that is put aside",
  "local/provider/launchers.ts": "a script that is written again by each `nami env`",
};

describe("what must outlive a power cut", () => {
  let dir: string;
  let calls: string[];
  const { openSync, fsyncSync, writeFileSync, renameSync } = fs;
  const real = { openSync, fsyncSync, writeFileSync, renameSync };

  beforeEach(() => {
    dir = fs.mkdtempSync(join(tmpdir(), "nami-durable-"));
    calls = [];
    const paths = new Map<number, string>();
    const name = (path: fs.PathLike) => relative(dir, String(path)).replace(/\.[0-9a-f-]{36}/, "") || ".";
    fs.openSync = (path, ...more) => {
      const descriptor = real.openSync(path, ...more);
      paths.set(descriptor, name(path));
      return descriptor;
    };
    fs.fsyncSync = (descriptor) => {
      calls.push(`sync ${paths.get(descriptor)}`);
      real.fsyncSync(descriptor);
    };
    fs.writeFileSync = (file, data, options) => {
      calls.push(`write ${name(file as string)}`);
      real.writeFileSync(file, data, options);
    };
    fs.renameSync = (from, to) => {
      calls.push(`rename ${name(from)} to ${name(to)}`);
      real.renameSync(from, to);
    };
  });
  afterEach(() => {
    Object.assign(fs, real);
    fs.rmSync(dir, { recursive: true });
  });

  it("is on disk before its name, and its name before the call returns", () => {
    writeDurably(join(dir, "settings"), "text");
    assert.deepEqual(calls, [
      "write settings.draft",
      "sync settings.draft",
      "rename settings.draft to settings",
      "sync .",
    ]);
    assert.equal(fs.statSync(join(dir, "settings")).mode & 0o777, 0o600);
    calls = [];
    renameDurably(join(dir, "settings"), join(dir, "other"));
    assert.deepEqual(calls, ["rename settings to other", "sync ."]);
  });

  it("is a whole tree, the files before the folders that name them", () => {
    fs.mkdirSync(join(dir, "a", "b"), { recursive: true });
    real.writeFileSync(join(dir, "a", "b", "file"), "text");
    fs.symlinkSync("/proc", join(dir, "a", "link"));
    syncTree(join(dir, "a"));
    assert.deepEqual(calls, ["sync a/b/file", "sync a/b", "sync a"]);
  });

  it("is of a tree only what was changed since it was brought to the disk the last time", () => {
    fs.mkdirSync(join(dir, "old"));
    fs.mkdirSync(join(dir, "new"));
    for (const name of ["old/file", "new/file", "new/before"]) real.writeFileSync(join(dir, name), "text");
    const [before, since] = [new Date(Date.now() - 60_000), Date.now() - 30_000];
    for (const name of ["old/file", "old", "new/before"]) fs.utimesSync(join(dir, name), before, before);
    syncTree(dir, since);
    assert.deepEqual(calls.sort(), ["sync .", "sync new", "sync new/file"]);
  });

  it("is written by local/durable.ts alone; what else renames may be lost", () => {
    const sources = ["local", "cli", "infra"].flatMap((folder) => filesUnder(join(root, folder)));
    const renaming = sources
      .filter((file) => file.endsWith(".ts") && basename(file) !== "durable.ts")
      .filter((file) => /\brename(Sync)?\(/.test(fs.readFileSync(file, "utf8")))
      .map((file) => relative(root, file));
    assert.deepEqual(renaming.sort(), Object.keys(OTHERS).sort());
  });
});
