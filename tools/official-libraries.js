// The providers' own libraries, which the presets are held against: test/official/package.json, installed under
// NAMI_TEST_HOME. No part of the product. Plain JavaScript for any Node from 20 on.

const { spawnSync } = require("node:child_process");
const { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } = require("node:fs");
const { join } = require("node:path");

const wanted = join(__dirname, "..", "test", "official");
const LOCK = "package-lock.json";

const folderOf = (testHome) => join(testHome, "official");
/** The lock that was installed, written last: an interrupted or an old installation is made again. */
const markOf = (testHome) => join(folderOf(testHome), "installed.json");

/** The folder with the libraries' node_modules; undefined when these versions are not installed. */
function officialLibraries(testHome) {
  const mark = markOf(testHome);
  const same = existsSync(mark) && readFileSync(mark, "utf8") === readFileSync(join(wanted, LOCK), "utf8");
  return same ? folderOf(testHome) : undefined;
}

function install(testHome) {
  const folder = folderOf(testHome);
  console.log(`installing the providers' own libraries into ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ["package.json", LOCK]) copyFileSync(join(wanted, name), join(folder, name));
  const args = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, error, stderr } = spawnSync("npm", args, {
    cwd: folder,
    encoding: "utf8",
    timeout: 15 * 60_000,
  });
  if (status !== 0)
    throw new Error(error?.message ?? (stderr.trim().split("\n").at(-1) || `npm ended with ${status}`));
  copyFileSync(join(wanted, LOCK), markOf(testHome));
}

/** Installs them unless they are there. Answers how many installations failed, and prints why. */
function installOfficialLibraries(testHome) {
  if (officialLibraries(testHome)) return 0;
  try {
    install(testHome);
    return 0;
  } catch (error) {
    console.error(`the providers' own libraries could not be installed: ${error.message}`);
    return 1;
  }
}

module.exports = { installOfficialLibraries, officialLibraries };
