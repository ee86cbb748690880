/**
 * Keeps test/unit pure: `mocha --require test/support/unit-room.ts`. A test that starts a process fails where it starts
 * it; a test that waits is named at the end of the run. It works whether ts-node loads it or Node itself, which mocha
 * leaves open: hence no `require`.
 */
import { syncBuiltinESMExports } from "node:module";

/** Milliseconds that one test, or the hooks before it, may wait for timers. */
const MOST_WAITED = 1_000;

const ROOMS =
  "Move the test to test/component (esbuild, a sandbox, MongoDB, a real clock), " +
  "or to test/process if it needs the process of bin/nami itself.";

type Callback = (...args: unknown[]) => void;

/** Broken rules of tests that did not fail of themselves. */
const broken: string[] = [];
/** Of the running test, or of the hooks before it. */
let refused: string[] = [];
let waited = 0;
/** Until when timers have been counted: those that run side by side are one wait. */
let countedUntil = 0;

function refuse(how: string): (command?: unknown) => never {
  return (command) => {
    const file = typeof command === "object" ? (command as { file?: string } | null)?.file : command;
    const rule = `test/unit starts no process, but here ${how} starts ${file}`;
    refused.push(rule);
    throw new Error(`${rule}. ${ROOMS}`);
  };
}

function refuseProcesses(): void {
  const childProcess = process.getBuiltinModule("node:child_process");
  for (const how of ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"])
    Object.assign(childProcess, { [how]: refuse(how) });
  // Whoever took `spawn` before this file was loaded comes by here.
  Object.assign(childProcess.ChildProcess.prototype, { spawn: refuse("spawn") });
}

function count(start: number, delay: number): void {
  const end = start + delay;
  waited += Math.max(0, end - Math.max(start, countedUntil));
  countedUntil = Math.max(countedUntil, end);
}

/** Counts a timer when it fires, by its own delay, so that a slow machine changes nothing. A cleared one was no wait. */
function counted<Timer extends (callback: Callback, delay?: number, ...args: unknown[]) => NodeJS.Timeout>(
  real: Timer,
): Timer {
  function counting(callback: Callback, delay = 1, ...args: unknown[]): NodeJS.Timeout {
    let start = performance.now();
    const timer = real(function (this: unknown) {
      if (timer.hasRef()) count(start, delay);
      start = performance.now();
      callback.apply(this, args);
    }, delay);
    return timer;
  }
  // Such as what `util.promisify` makes of it.
  for (const key of Object.getOwnPropertySymbols(real))
    Object.defineProperty(counting, key, Object.getOwnPropertyDescriptor(real, key)!);
  return counting as unknown as Timer;
}

function countTimers(): void {
  const timers = process.getBuiltinModule("node:timers");
  const promised = process.getBuiltinModule("node:timers/promises");
  const { setTimeout: sleep, setInterval: ticks } = promised;
  for (const name of ["setTimeout", "setInterval"] as const) {
    const counting = counted(globalThis[name] as typeof setTimeout);
    for (const where of [globalThis, timers]) Object.assign(where, { [name]: counting });
  }
  const countedSleep = async (delay = 1, value?: unknown, options?: { ref?: boolean }) => {
    const start = performance.now();
    const slept = await sleep(delay, value, options);
    if (options?.ref !== false) count(start, delay);
    return slept;
  };
  async function* countedTicks(delay = 1, value?: unknown, options?: { ref?: boolean }) {
    let start = performance.now();
    for await (const tick of ticks(delay, value, options)) {
      if (options?.ref !== false) count(start, delay);
      start = performance.now();
      yield tick;
    }
  }
  Object.assign(promised, { setTimeout: countedSleep, setInterval: countedTicks });
}

function settle(where: string, failed = false): void {
  const rules = [...refused];
  if (waited > MOST_WAITED) rules.push(`test/unit waits for no timer, but here for ${Math.round(waited)} ms`);
  // A test that failed has told of it.
  if (!failed) broken.push(...rules.map((rule) => `${where}: ${rule}`));
  refused = [];
  waited = 0;
}

refuseProcesses();
countTimers();
syncBuiltinESMExports();

export const mochaHooks: Mocha.RootHookObject = {
  beforeEach(this: Mocha.Context) {
    settle(`before "${this.currentTest?.fullTitle()}"`);
  },
  afterEach(this: Mocha.Context) {
    settle(`"${this.currentTest?.fullTitle()}"`, this.currentTest?.state === "failed" && refused.length > 0);
  },
  afterAll() {
    settle("after the last test");
    if (broken.length > 0) throw new Error(`${broken.join("\n")}\n${ROOMS}`);
  },
};
