// `npm run test:mutants`: puts the faults of test/mutants/*.json into the code, one at a time, and sees that the tests
// named beside each fault catch it. `--all` runs every test for each fault, `--only id,id` takes some faults, `--list`
// only checks the list. Ends on `N caught, N not caught`. Plain JavaScript for any Node from 20 on.
//
// The checkout itself is never touched. Each of two workers has a copy of it under the system's temporary folder, with
// node_modules linked in. A fault counts as caught only when the same test file passes without it: every named file
// runs once in an unchanged copy first.

const { execFileSync, spawn } = require("node:child_process");
const fs = require("node:fs");
const { tmpdir } = require("node:os");
const { dirname, join } = require("node:path");
const { parseArgs } = require("node:util");
const ts = require("typescript");
const { environment, node, root } = require("./testing/environment.js");
const { processesWith } = require("./testing/processes.js");
const { filesOf, ROOMS } = require("./testing/rooms.js");

/** In the environment of every process of this run and of no other: what a failed test leaves behind is found by it. */
const MARK = `NAMI_MUTANTS_RUN=${process.pid}-${Date.now()}`;

const WORKERS = 2;
/** A test that hangs under a fault is stopped after this many times its seconds without one, and a minute. */
const PATIENCE = 10;
/** Milliseconds for a test that sets no limit of its own: two run at once, each beside a compiler that has just started. */
const TEST_LIMIT = 20_000;
/** Milliseconds for one run of everything (`--all`). */
const WHOLE_RUN = 3 * 60 * 60 * 1000;
/** Errors that show that the mutated code cannot run at all, which any test would notice. */
const BROKEN = /^(SyntaxError|ReferenceError)|Cannot find module|MODULE_NOT_FOUND|is not a constructor/;

// ── The list ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** All faults; the name of a file is the subject of the faults in it. */
function readFaults() {
  const folder = join(root, "test", "mutants");
  const files = fs.readdirSync(folder).filter((name) => name.endsWith(".json"));
  return files.sort().flatMap((file) => {
    const faults = JSON.parse(fs.readFileSync(join(folder, file), "utf8"));
    return faults.map((fault) => ({ ...fault, subject: file.replace(/\.json$/, "") }));
  });
}

/**
 * A test file by its name, or by the end of its path where the name is not unique. Throws when there is not exactly one,
 * or when none of its titles has the words of `grep`.
 */
function findTest(tests, name, grep = "") {
  const found = tests.filter((path) => path.endsWith(`/${name}`));
  if (found.length === 1) {
    if (fs.readFileSync(join(root, found[0]), "utf8").includes(grep)) return found[0];
    throw new Error(`no title in ${found[0]} has "${grep}"`);
  }
  if (found.length === 0) throw new Error(`there is no test file ${name}`);
  throw new Error(`${name} is ambiguous: ${found.join(", ")}`);
}

/** The mutated text of the file. Throws when the fault does not apply or what comes of it does not parse. */
function mutate(fault) {
  const path = join(root, fault.file);
  if (!fs.existsSync(path)) throw new Error(`there is no file ${fault.file}`);
  const text = fs.readFileSync(path, "utf8");
  const parts = text.split(fault.find);
  if (parts.length !== 2) throw new Error(`its text occurs ${parts.length - 1} times in ${fault.file}`);
  const mutated = parts.join(fault.replace);
  if (fault.file.endsWith(".ts")) {
    const compilerOptions = { target: "ES2022", module: "commonjs" };
    const options = { compilerOptions, fileName: fault.file, reportDiagnostics: true };
    const [problem] = ts.transpileModule(mutated, options).diagnostics;
    if (problem)
      throw new Error(`it does not parse: ${ts.flattenDiagnosticMessageText(problem.messageText, " ")}`);
  }
  return mutated;
}

/** Each fault with its mutated text and the paths of its tests, or with the reason why it does not apply. */
function prepare(faults) {
  const tests = Object.keys(ROOMS).flatMap((room) => filesOf(root, room));
  return faults.map((fault) => {
    try {
      return {
        ...fault,
        mutated: mutate(fault),
        tests: fault.caughtBy.map((name) => findTest(tests, name, fault.grep)),
      };
    } catch (error) {
      return { ...fault, problem: error.message };
    }
  });
}

// ── Copies and processes ────────────────────────────────────────────────────────────────────────────────────────────

/** Process groups under way, by the id of their leader. */
const running = new Set();

/** What git knows of and what is new and not ignored, as it lies there now. */
function copyCheckout(target) {
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
  });
  for (const file of list.toString().split("\0")) {
    const from = join(root, file);
    if (file === "" || file === "node_modules" || !fs.existsSync(from)) continue;
    fs.mkdirSync(dirname(join(target, file)), { recursive: true });
    fs.copyFileSync(from, join(target, file));
  }
  fs.symlinkSync(fs.realpathSync(join(root, "node_modules")), join(target, "node_modules"));
}

/** A copy to work in. Its temporary folder lies beside it: inside, user code of the tests would find node_modules. */
function makeCopy(scratch, number) {
  const copy = { root: join(scratch, `c${number}`), temporary: join(scratch, `t${number}`) };
  copyCheckout(copy.root);
  return copy;
}

/** Ends the processes that this run has left behind, or those of one copy alone. */
function sweep(copy) {
  for (const { pid } of processesWith(copy ? copy.temporary : MARK)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Runs Node in a copy, in a process group of its own. Answers how it ended; `hung` when the limit ended it. */
function runNode(copy, args, limitMs) {
  fs.rmSync(copy.temporary, { recursive: true, force: true });
  fs.mkdirSync(join(copy.temporary), { recursive: true });
  const [name, value] = MARK.split("=");
  const env = { ...environment(join(copy.temporary, "home")), TMPDIR: copy.temporary, [name]: value };
  const child = spawn(node, args, { cwd: copy.root, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child.pid);
  let output = "";
  let hung = false;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(-20_000);
    });
  const stop = () => {
    hung = true;
    killGroup(child.pid);
  };
  const timer = setTimeout(stop, limitMs);
  return new Promise((done) => {
    // Not "close": a process that was left behind may hold the output open.
    child.on("exit", (code) => {
      clearTimeout(timer);
      running.delete(child.pid);
      sweep(copy);
      done({ code, output, hung });
    });
    child.on("error", (error) => done({ code: 1, output: error.message, hung }));
  });
}

function killGroup(pid) {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // it has just ended
  }
}

// ── One test file, one fault ────────────────────────────────────────────────────────────────────────────────────────

const BUILT = join(root, "test", "support", "built.ts");

/** Whether a test file uses the build: itself, or through a file of test/ that it imports. */
function needsBuild(file, seen = new Set()) {
  if (file === BUILT) return true;
  if (seen.has(file)) return false;
  seen.add(file);
  const imports = fs.readFileSync(file, "utf8").matchAll(/from "(\.\.?\/[^"]+)"/g);
  return [...imports]
    .map(([, name]) => `${join(dirname(file), name)}.ts`)
    .some((next) => next.startsWith(join(root, "test")) && fs.existsSync(next) && needsBuild(next, seen));
}

function firstLine(text) {
  return String(text).trim().split("\n")[0].slice(0, 160);
}

/**
 * Runs one test file up to its first failure. Answers "passed"; "failed" with the test and its error; "broken" when no
 * test came to its end; "hung".
 */
async function runTest(copy, test, grep, limitMs) {
  if (needsBuild(join(root, test))) await runNode(copy, [join(copy.root, "tools", "build.js")], 120_000);
  const report = `${copy.temporary}.json`;
  fs.rmSync(report, { force: true });
  const mocha = join("node_modules", "mocha", "bin", "mocha.js");
  const how = [
    "--bail",
    "--exit",
    "--timeout",
    String(TEST_LIMIT),
    "--reporter",
    "json",
    "--reporter-option",
    `output=${report}`,
  ];
  const { code, output, hung } = await runNode(
    copy,
    [mocha, ...how, ...(grep ? ["--grep", grep] : []), test],
    limitMs,
  );
  if (hung) return { kind: "hung", text: "it did not end" };
  if (!fs.existsSync(report)) return { kind: "broken", text: firstLine(output) };
  const { stats, failures } = JSON.parse(fs.readFileSync(report, "utf8"));
  const [failure] = failures;
  if (!failure) {
    if (stats.passes === 0) return { kind: "broken", text: "no test ran" };
    return code === 0 ? { kind: "passed" } : { kind: "broken", text: `mocha ended with exit code ${code}` };
  }
  const said = firstLine(failure.err.message ?? failure.err.stack ?? "");
  const isBroken = BROKEN.test(firstLine(failure.err.stack ?? "")) || BROKEN.test(said);
  return { kind: isBroken ? "broken" : "failed", title: failure.fullTitle, text: said };
}

/** A test may run out of time because the machine is busy: only what does so twice is a result. */
async function runSure(copy, test, grep, limitMs) {
  const first = await runTest(copy, test, grep, limitMs);
  return first.kind === "failed" && /^Timeout of/.test(first.text)
    ? runTest(copy, test, grep, limitMs)
    : first;
}

/** Everything that `npm test` runs but format, lint and types, which a fault may break without being noticed by a test. */
async function runWhole(copy) {
  const rooms = Object.keys(ROOMS).filter((room) => !ROOMS[room].asked);
  await runNode(copy, [join(copy.root, "tools", "build.js")], 120_000);
  const { code, output, hung } = await runNode(copy, [join("tools", "test.js"), ...rooms], WHOLE_RUN);
  if (hung) return { kind: "hung", text: "it did not end" };
  const figures = /^\d+ passed, (\d+) failed$/m.exec(output);
  if (!figures) return { kind: "broken", text: firstLine(output.slice(-300)) };
  return code === 0 ? { kind: "passed" } : { kind: "failed", title: "npm test", text: figures[0] };
}

function withFault(copy, fault, work) {
  const path = join(copy.root, fault.file);
  const before = fs.readFileSync(path, "utf8");
  fs.writeFileSync(path, fault.mutated);
  return work().finally(() => fs.writeFileSync(path, before));
}

/** Runs the tests of a fault until one catches it. */
async function judge(copy, fault, { baseline, whole }) {
  if (fault.problem) return { verdict: "does not apply", text: fault.problem };
  if (whole) {
    const { kind, text } = await withFault(copy, fault, () => runWhole(copy));
    return { verdict: kind === "failed" ? "caught" : "NOT CAUGHT", text };
  }
  let told;
  for (const test of fault.tests) {
    const before = baseline.get(keyOf(test, fault.grep));
    if (before.kind !== "passed") {
      told = `${test} does not pass without the fault: ${before.text}`;
      continue;
    }
    const limitMs = 60_000 + PATIENCE * before.seconds * 1000;
    const { kind, title, text } = await withFault(copy, fault, () =>
      runSure(copy, test, fault.grep, limitMs),
    );
    if (kind === "failed") return { verdict: "caught", text: `${test}: ${title}` };
    told ??= kind === "passed" ? undefined : `${test} cannot run with the fault (${kind}): ${text}`;
  }
  return { verdict: "NOT CAUGHT", text: told ?? fault.tests.join(", ") };
}

// ── The run ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function keyOf(test, grep = "") {
  return `${test} ${grep}`;
}

async function timed(work) {
  const started = performance.now();
  const result = await work();
  return { ...result, seconds: (performance.now() - started) / 1000 };
}

/** Does `work` for each item, in as many lanes as there are copies. */
async function inLanes(copies, items, work) {
  const waiting = [...items];
  const lane = async (copy) => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(copy, next);
  };
  await Promise.all(copies.map(lane));
}

/** What each named test file does in an unchanged copy. */
async function baselineOf(copies, faults) {
  const runs = new Map();
  for (const { tests = [], grep } of faults)
    for (const test of tests) runs.set(keyOf(test, grep), { test, grep });
  const results = new Map();
  console.log(`── ${runs.size} runs without a fault`);
  await inLanes(copies, [...runs], async (copy, [key, { test, grep }]) => {
    const result = await timed(() => runSure(copy, test, grep, 30 * 60_000));
    results.set(key, result);
    const said = result.kind === "passed" ? "" : `  ${result.kind}: ${result.title ?? ""} ${result.text}`;
    console.log(`${result.seconds.toFixed(1).padStart(7)} s  ${test}${grep ? ` (${grep})` : ""}${said}`);
  });
  return results;
}

async function run(scratch, faults, whole) {
  const applicable = faults.filter(({ problem }) => !problem);
  const copies = Array.from({ length: Math.min(WORKERS, Math.max(1, applicable.length)) }, (_, number) =>
    makeCopy(scratch, number),
  );
  const baseline = whole ? undefined : await baselineOf(copies, applicable);
  if (whole) {
    const { kind, text } = await runWhole(copies[0]);
    if (kind !== "passed") throw new Error(`the tests do not pass without a fault: ${text}`);
  }
  console.log(`\n── ${faults.length} faults`);
  const counts = { caught: 0, not: 0 };
  await inLanes(copies, faults, async (copy, fault) => {
    const { verdict, text, seconds } = await timed(() => judge(copy, fault, { baseline, whole }));
    counts[verdict === "caught" ? "caught" : "not"] += 1;
    const name = `${fault.subject}/${fault.id}`;
    console.log(
      `${verdict.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s  ${name}\n${" ".repeat(25)}${text}`,
    );
  });
  return counts;
}

/** Faults as one reads them; answers how many do not apply. */
function list(faults) {
  for (const { subject, id, why, caughtBy, problem } of faults) {
    console.log(`${subject}/${id}: ${why} [${caughtBy.join(", ")}]`);
    if (problem) console.log(`  does not apply: ${problem}`);
  }
  return faults.filter(({ problem }) => problem).length;
}

function chosen(only) {
  const faults = readFaults();
  const twice = faults.find(({ id }, at) => faults.findIndex((each) => each.id === id) !== at);
  if (twice) throw new Error(`two faults have the id ${twice.id}`);
  if (!only) return faults;
  const ids = only.split(",");
  const unknown = ids.find((id) => !faults.some((fault) => fault.id === id));
  if (unknown) throw new Error(`there is no fault ${unknown}`);
  return faults.filter(({ id }) => ids.includes(id));
}

async function main() {
  const flags = { all: { type: "boolean" }, list: { type: "boolean" }, only: { type: "string" } };
  const { values } = parseArgs({ options: flags });
  const faults = prepare(chosen(values.only));
  if (values.list) return list(faults) === 0 ? 0 : 1;
  // Short: the paths of Unix sockets below it must stay under 108 bytes.
  const scratch = fs.mkdtempSync(join(tmpdir(), "nm-"));
  const cleanUp = () => {
    for (const pid of running) killGroup(pid);
    sweep();
    fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ])
    process.once(signal, () => {
      cleanUp();
      process.exit(code);
    });
  try {
    const { caught, not } = await run(scratch, faults, values.all);
    console.log(`\n${caught} caught, ${not} not caught`);
    return not === 0 ? 0 : 1;
  } finally {
    cleanUp();
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    console.error(`test:mutants: ${error.message}`);
    process.exit(2);
  },
);
