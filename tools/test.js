// `npm test`: lint, types, then the tests in rooms by what they cost (CONTRIBUTING.md). `npm test -- unit` runs the named parts
// only, `npm test -- test/system/up.test.ts` a file; `--grep TEXT` the tests whose titles have it. Ends on a line
// `N passed, N failed`. Plain JavaScript for any Node from 20 on; the tests run under Node 24.

const { spawnSync } = require("node:child_process");
const { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { availableParallelism, tmpdir } = require("node:os");
const { join, relative, resolve } = require("node:path");
const { buildIsFresh } = require("./build-state.js");
const { installBubblewrap } = require("./bubblewrap.js");
const { installOfficialLibraries } = require("./official-libraries.js");
const { installPythonTools } = require("./python-tools.js");
const { environment, node, root, testHome } = require("./testing/environment.js");
const { Jobs } = require("./testing/jobs.js");
const { filesOf, ROOMS, roomOf } = require("./testing/rooms.js");

const modules = join(root, "node_modules");
/** Files at a time: each is busy for most of the time, and waits for the rest. */
const WORKERS = Number(process.env.NAMI_TEST_WORKERS) || Math.min(3, availableParallelism() + 1);

const nothing = () => ({ passes: 0, failures: 0, pending: 0 });

/** The checks that are not mocha's, each with its command line. */
const CHECKS = {
  lint: [[join(modules, ".bin", "biome"), "check", "--error-on-warnings", "."]],
  // By the compiler that builds Nami, and by the next one.
  types: ["typescript", "typescript-7"].map((name) => [
    node,
    ...[join(modules, name, "bin", "tsc"), "--noEmit", "-p", "."],
  ]),
};

const PARTS = [...Object.keys(CHECKS), "tools", ...Object.keys(ROOMS)];

/** How long files took the last time, in seconds: the longest begin. */
const durations = {
  file: join(testHome, "durations.json"),
  read() {
    return existsSync(this.file) ? JSON.parse(readFileSync(this.file, "utf8")) : {};
  },
  keep(seconds) {
    writeFileSync(this.file, JSON.stringify({ ...this.read(), ...seconds }, null, 1));
  },
};

/**
 * Engine and Mongo for all tests, put in place by the product itself, the tools of the tests, the build, what ts-node
 * compiles, and a home in which a name is deployed; each once. What is missing in the end, the tests that need it say:
 * doctor also looks at what no test uses, such as a port that is taken.
 */
function tools(env) {
  mkdirSync(testHome, { recursive: true });
  const run = (args, more = {}) => {
    const options = { cwd: root, stdio: ["ignore", "inherit", "inherit"], env: { ...env, ...more } };
    return spawnSync(node, args, options).status === 0;
  };
  let failures = 0;
  if (!buildIsFresh(root) && !run([join(root, "tools", "build.js")])) failures += 1;
  run([join(root, "bin", "nami"), "doctor", "--fix", "--quiet"], { NAMI_HOME: testHome });
  installBubblewrap(testHome);
  failures += installPythonTools(testHome) + installOfficialLibraries(testHome);
  const template = [
    "--require",
    join(root, "tools", "register.js"),
    join(root, "test/support/make-template.ts"),
  ];
  if (!run([join(root, "tools/testing/compile-all.js")]) || !run(template)) failures += 1;
  return { ...nothing(), failures };
}

/** A check is one test, a room of one process one job, another room a job a file. */
function jobsOf(parts, files, mochaArgs) {
  const mocha = (name, chosen, { require: modulesFirst = [] }) => ({
    name,
    args: [
      join(modules, "mocha", "bin", "mocha.js"),
      ...modulesFirst.filter((file) => existsSync(join(root, file))).flatMap((file) => ["--require", file]),
      ...mochaArgs,
      ...chosen,
    ],
  });
  const checks = parts.flatMap((part) =>
    (CHECKS[part] ?? []).map(([command, ...args], i, all) => ({
      ...{ part, command, args, seconds: 10, isCheck: true },
      name: all.length > 1 ? `${part} ${i + 1}` : part,
    })),
  );
  const rooms = Object.entries(ROOMS).flatMap(([room, settings]) => {
    const chosen = [
      ...(parts.includes(room) ? filesOf(root, room) : []),
      ...files.filter((file) => roomOf(file) === room),
    ];
    if (chosen.length === 0) return [];
    const groups = settings.together ? [[room, chosen]] : chosen.map((file) => [file, [file]]);
    return groups.map(([name, group]) => ({
      ...{ part: room, command: node, seconds: settings.seconds, minutes: settings.minutes },
      ...mocha(name, group, settings),
    }));
  });
  return [...checks, ...rooms];
}

/** What mocha counted. A file that ran nothing, died after its last test or left a process running has not passed. */
function resultOf({ isCheck }, { code, left }, figures) {
  if (isCheck) return { ...nothing(), [code === 0 ? "passes" : "failures"]: 1 };
  if (!existsSync(figures)) return { ...nothing(), failures: 1 };
  const { passes, failures, pending } = JSON.parse(readFileSync(figures, "utf8"));
  const silent = passes + failures + pending === 0 || (failures === 0 && code !== 0) || left.length > 0;
  return { passes, pending, failures: failures + (silent ? 1 : 0) };
}

class Run {
  parts = new Map();
  seconds = {};

  constructor() {
    this.scratch = mkdtempSync(join(tmpdir(), "nami-test-"));
    this.jobs = new Jobs(this.scratch);
    this.env = {
      ...environment(join(this.scratch, "home")),
      NODE_COMPILE_CACHE: join(modules, ".cache", "nami-compiled"),
    };
  }

  add(part, result, seconds) {
    const sum = this.parts.get(part) ?? { ...nothing(), jobs: 0, seconds: 0 };
    for (const key of ["passes", "failures", "pending"]) sum[key] += result[key];
    this.parts.set(part, { ...sum, jobs: sum.jobs + 1, seconds: sum.seconds + seconds });
  }

  async one(job) {
    const figures = join(this.scratch, `${job.name.replaceAll("/", "-")}.json`);
    const env = { ...this.env, NAMI_TEST_FIGURES: figures };
    const done = await this.jobs.run({ ...job, cwd: root, env });
    if (this.jobs.stopped) return;
    const result = resultOf(job, done, figures);
    console.log(`\n── ${job.name} (${done.seconds.toFixed(1)} s)`);
    if (done.text.trim()) console.log(done.text.trimEnd());
    for (const { pid, line } of done.left) console.log(`left running: ${pid} ${line}`);
    if (result.failures > 0) console.log(`FAILED: ${job.name}`);
    this.add(job.part, result, done.seconds);
    this.seconds[job.name] = Math.round(done.seconds * 10) / 10;
  }

  async all(jobs) {
    const known = durations.read();
    const secondsOf = ({ name, seconds }) => known[name] ?? seconds;
    const longestFirst = [...jobs].sort((a, b) => secondsOf(b) - secondsOf(a));
    await this.jobs.all(longestFirst, WORKERS, (job) => this.one(job));
    durations.keep(this.seconds);
  }

  /** Prints what each part took and ends on the sum. Answers whether all is well. */
  report(started) {
    const total = nothing();
    console.log("\npart         jobs   passed   failed   seconds (sum of its jobs)");
    for (const [part, sum] of this.parts) {
      for (const key of Object.keys(total)) total[key] += sum[key];
      const columns = [sum.jobs, sum.passes, sum.failures].map((number) => String(number).padStart(6));
      console.log(`${part.padEnd(11)}${columns.join("   ")}${sum.seconds.toFixed(1).padStart(10)}`);
    }
    const failed = [...this.parts].filter(([, { failures }]) => failures > 0).map(([part]) => part);
    console.log(`\n${((Date.now() - started) / 60_000).toFixed(1)} min in all`);
    if (total.pending > 0) console.log(`${total.pending} skipped`);
    if (failed.length > 0) console.log(`failed: ${failed.join(", ")}`);
    console.log(`\n${total.passes} passed, ${total.failures} failed`);
    return total.failures === 0 && total.passes > 0;
  }
}

/** The words of the command line: parts, files, and what mocha is given. */
function wordsOf(argv) {
  const at = argv.findIndex((word) => word === "--grep" || word === "-g");
  const mochaArgs = at < 0 ? [] : ["--grep", argv[at + 1] ?? ""];
  const words = at < 0 ? argv : argv.filter((_, i) => i !== at && i !== at + 1);
  const isFile = (word) => existsSync(resolve(root, word)) && word.endsWith(".test.ts");
  const files = words.filter(isFile).map((word) => relative(root, resolve(root, word)));
  const parts = words.filter((word) => !isFile(word));
  const unknown = parts.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0) {
    console.error(`npm test knows ${PARTS.join(", ")}, and test files; not ${unknown.join(", ")}`);
    process.exit(2);
  }
  const whole = words.length === 0;
  const chosen = whole ? PARTS.filter((part) => !ROOMS[part]?.asked) : parts;
  return { parts: chosen, files, mochaArgs };
}

async function main() {
  const { parts, files, mochaArgs } = wordsOf(process.argv.slice(2));
  const run = new Run();
  const started = Date.now();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => {
      run.jobs.stop();
      console.error("\nstopped; nothing of the tests is left running");
      process.exit(130);
    });
  }
  // Before whatever runs the real engine or the real Mongo comes what installs them.
  const needsTools = files.length > 0 || parts.some((part) => part === "tools" || part in ROOMS);
  if (needsTools) {
    console.log("\n── tools");
    const began = Date.now();
    run.add("tools", tools(run.env), (Date.now() - began) / 1000);
  }
  await run.all(jobsOf(parts, files, mochaArgs));
  rmSync(run.scratch, { recursive: true, force: true, maxRetries: 5 });
  process.exit(run.report(started) ? 0 : 1);
}

main();
