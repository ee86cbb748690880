// moto, an S3 and KMS on this machine for the tests of shared state, in a virtual environment of its own under
// NAMI_TEST_HOME. A test tool: no part of the product. Plain JavaScript for any Node from 20 on.

const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

/** moto with what its server needs and the two services that are asked, no more: `moto[server]` pulls in forty packages. */
const PACKAGES = ["moto[kms,s3]==5.2.5", "Flask==3.1.3", "flask-cors==6.0.5"];
const PYTHONS = ["python3", "python3.13", "python3.12", "python3.11", "python3.10"];

const venv = (testHome) => join(testHome, "moto");
/** Written last, and named by the versions: an interrupted or an old installation is made again. */
const mark = (testHome) => join(venv(testHome), `${PACKAGES.join("_").replace(/[^\w.=-]/g, "-")}.done`);

/** The Python that moto is installed for; undefined when it is not. */
function motoPython(testHome) {
  return existsSync(mark(testHome)) ? join(venv(testHome), "bin", "python3") : undefined;
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

/** Installs moto once. Throws an Error with the last words of what failed. */
function installMoto(testHome) {
  if (motoPython(testHome)) return;
  const folder = venv(testHome);
  console.log(`installing ${PACKAGES.join(", ")} into ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(testHome, { recursive: true });
  run(findPython(), ["-m", "venv", folder]);
  run(join(folder, "bin", "python3"), [
    ...["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"],
    ...PACKAGES,
  ]);
  run(join(folder, "bin", "python3"), ["-c", "import moto.server"]);
  writeFileSync(mark(testHome), "");
}

module.exports = { installMoto, motoPython };
