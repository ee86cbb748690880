// Runs jobs, a few at a time, each in a temporary folder and a process group of its own, so that nothing of it stays: not
// after its end, not after Ctrl+C. Plain JavaScript for any Node from 20 on.

const { spawn } = require("node:child_process");
const { mkdirSync, rmSync } = require("node:fs");
const { join } = require("node:path");
const { processesWith } = require("./processes.js");

/** The time limit of a job that sets none. */
const MINUTES = 20;
/** What a process that was told to end may still need. */
const GRACE_MS = 5_000;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (error.code !== "ESRCH") throw error;
  }
}

/** Processes that still have `folder` in their command line or environment, once those that are ending have ended. */
async function leftIn(folder) {
  const deadline = Date.now() + GRACE_MS;
  for (;;) {
    const left = processesWith(folder);
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(100);
  }
}

class Jobs {
  running = new Map();
  count = 0;
  stopped = false;

  /** @param {string} scratch a folder of this run's own; every job gets one below it as TMPDIR */
  constructor(scratch) {
    this.scratch = scratch;
  }

  /** Runs `command` and answers its exit code, all it printed, its seconds, and the processes it left, which are ended. */
  async run({ command, args, cwd, env, minutes = MINUTES }) {
    // Of one length each: no folder's name is the beginning of another's.
    const folder = join(this.scratch, String(++this.count).padStart(4, "0"));
    mkdirSync(folder, { recursive: true });
    const started = Date.now();
    const child = spawn(command, args, {
      cwd,
      env: { ...env, TMPDIR: folder },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.running.set(child, folder);
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
    const limit = setTimeout(() => {
      text += `\nstopped after ${minutes} min\n`;
      kill(-child.pid);
    }, minutes * 60_000);
    const code = await new Promise((done) => {
      child.on("error", (error) => {
        text += `${command}: ${error.message}\n`;
        done(1);
      });
      child.on("exit", (status) => done(status ?? 1));
    });
    clearTimeout(limit);
    const left = await leftIn(folder);
    for (const { pid } of left) kill(pid);
    child.stdout.destroy();
    child.stderr.destroy();
    this.running.delete(child);
    let cleared = true;
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    } catch (error) {
      // Such as a disk that is still mounted: this job's failure, not the end of the others.
      text += `\n${error.message}\n`;
      cleared = false;
    }
    return { code: cleared ? code : 1, text, seconds: (Date.now() - started) / 1000, left };
  }

  /** Runs `work` for each of `list`, at most `many` at a time, in their order. */
  async all(list, many, work) {
    const waiting = [...list];
    const next = async () => {
      for (let one = waiting.shift(); one !== undefined && !this.stopped; one = waiting.shift())
        await work(one);
    };
    await Promise.all(Array.from({ length: many }, next));
  }

  /** Ends every job and all that they started, at once. */
  stop() {
    this.stopped = true;
    for (const child of this.running.keys()) if (child.pid) kill(-child.pid);
    // What a process started just before it was killed is seen in the second round.
    for (let round = 0; round < 2; round++) for (const { pid } of processesWith(this.scratch)) kill(pid);
    rmSync(this.scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

module.exports = { Jobs };
