// Which processes belong to a folder. Plain JavaScript for any Node from 20 on.

const { execFileSync } = require("node:child_process");
const { existsSync, readdirSync, readFileSync } = require("node:fs");

function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It has ended meanwhile, or is somebody else's.
    return "";
  }
}

function fromProc(text) {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.flatMap((pid) => {
    const line = read(`/proc/${pid}/cmdline`);
    // A process that has ended and was not waited for has no command line.
    if (!line || !(line.includes(text) || read(`/proc/${pid}/environ`).includes(text))) return [];
    return [{ pid: Number(pid), line: line.replaceAll("\0", " ").trim() }];
  });
}

/** Where there is no /proc, by command line alone. */
function fromPs(text) {
  const lines = execFileSync("ps", ["-axww", "-o", "pid=,command="], { encoding: "utf8" }).split("\n");
  return lines.flatMap((each) => {
    const [, pid, line] = /^\s*(\d+)\s+(.*)$/.exec(each) ?? [];
    return line?.includes(text) && Number(pid) !== process.pid ? [{ pid: Number(pid), line }] : [];
  });
}

/** Processes, but for this one, that have `text` in their command line or environment. */
function processesWith(text) {
  return existsSync("/proc/self/environ") ? fromProc(text) : fromPs(text);
}

module.exports = { processesWith };
