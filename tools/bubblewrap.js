// bubblewrap for the tests, where the system has none: Debian's package, laid down in NAMI_TEST_HOME without installing it.
// Plain JavaScript for any Node from 20 on.

const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { delimiter, join } = require("node:path");

const folderOf = (testHome) => join(testHome, "tools", "bubblewrap");

/** The folder that bwrap is in; undefined when there is none. */
function bubblewrapFolder(testHome) {
  const own = join(folderOf(testHome), "usr", "bin");
  const folders = [...(process.env.PATH ?? "").split(delimiter), own].filter(Boolean);
  return folders.find((folder) => existsSync(join(folder, "bwrap")));
}

function run(command, args, cwd) {
  const { status, error, stderr } = spawnSync(command, args, { cwd, encoding: "utf8", timeout: 120_000 });
  if (status !== 0)
    throw new Error(error?.message ?? (stderr.trim().split("\n").at(-1) || `${command} failed`));
}

/** Says what is in the way; tests that need it then say that they were not run. */
function installBubblewrap(testHome) {
  if (process.platform !== "linux" || bubblewrapFolder(testHome)) return;
  const draft = mkdtempSync(join(tmpdir(), "nami-bubblewrap-"));
  try {
    try {
      run("apt-get", ["download", "bubblewrap"], draft);
    } catch {
      run("apt-get", ["update"], draft);
      run("apt-get", ["download", "bubblewrap"], draft);
    }
    const [file] = readdirSync(draft).filter((name) => name.endsWith(".deb"));
    run("dpkg", ["-x", file, "root"], draft);
    mkdirSync(join(testHome, "tools"), { recursive: true });
    rmSync(folderOf(testHome), { recursive: true, force: true });
    run("cp", ["-a", join(draft, "root"), folderOf(testHome)], draft);
    console.log(`laid bubblewrap down in ${folderOf(testHome)}`);
  } catch (error) {
    console.error(`no bubblewrap, whose tests will not be run: ${error.message}`);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

module.exports = { bubblewrapFolder, installBubblewrap };
