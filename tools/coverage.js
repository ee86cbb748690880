// Which lines the tests reach, over every process that they start: `npm run coverage -- [rooms]`. The reports that Node writes
// for each process (NODE_V8_COVERAGE) are folded into one bitmap a file while the tests run: thousands of them would
// take tens of gigabytes. Plain JavaScript for any Node from 20 on.

const { spawn } = require("node:child_process");
const {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const { join, relative, resolve } = require("node:path");
const { fileURLToPath } = require("node:url");

const FOLDERS = ["cli", "infra", "local", "runtime"];
/** A report that was written to within this time may be half written. */
const SETTLED_MS = 2000;

/** The source file that a script was made from, relative to `root`: in a checkout ts-node runs it, else dist/ has it. */
function sourceOf(url, root) {
  if (!url.startsWith("file://")) return undefined;
  const path = relative(root, fileURLToPath(url)).replace(/^dist\//, "");
  const source = path.replace(/\.js$/, ".ts");
  if (!FOLDERS.includes(source.split("/")[0])) return undefined;
  return existsSync(join(root, source)) ? source : undefined;
}

/** Marks in `covered` each character that one process ran. Ranges come outermost first; inner ones overrule. */
function paint(covered, functions) {
  const ran = new Uint8Array(covered.length);
  for (const { ranges } of functions) {
    for (const { startOffset, endOffset, count } of ranges)
      ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  }
  for (let i = 0; i < ran.length; i++) covered[i] |= ran[i];
}

/** The emitted text of a source file and where each piece of it came from: what dist/ and ts-node both run. */
function emitted(root, source) {
  const ts = require(join(root, "node_modules", "typescript"));
  const { config } = ts.readConfigFile(join(root, "tsconfig.build.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const fileName = join(root, source);
  const text = readFileSync(fileName, "utf8");
  const { outputText, sourceMapText } = ts.transpileModule(text, {
    compilerOptions: { ...options, sourceMap: true },
    fileName,
  });
  return { text: outputText, map: JSON.parse(sourceMapText) };
}

class Fold {
  files = new Map();
  reports = 0;

  constructor(root, folder) {
    this.root = root;
    this.folder = folder;
  }

  /** Takes in and deletes the reports that are complete; all of them when `last`. */
  take(last = false) {
    for (const name of readdirSync(this.folder)) {
      const path = join(this.folder, name);
      try {
        if (!last && Date.now() - statSync(path).mtimeMs < SETTLED_MS) continue;
        this.add(JSON.parse(readFileSync(path, "utf8")));
      } catch (error) {
        if (!last) continue;
        console.error(`${name}: ${error.message}`);
      }
      rmSync(path, { force: true });
    }
  }

  add({ result }) {
    this.reports += 1;
    for (const { url, functions } of result) {
      const source = sourceOf(url, this.root);
      if (!source) continue;
      let file = this.files.get(source);
      if (!file) {
        const { text, map } = emitted(this.root, source);
        file = { text, map, covered: new Uint8Array(text.length) };
        this.files.set(source, file);
      }
      paint(file.covered, functions);
    }
  }
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** The numbers of one segment of a source map. */
function decode(segment) {
  const numbers = [];
  let value = 0;
  let shift = 0;
  for (const character of segment) {
    const digit = DIGITS.indexOf(character);
    value += (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}

/** Source lines with code, each with how many pieces of it there are and how many ran. */
function linesOf({ text, map, covered }) {
  const lines = new Map();
  let start = 0;
  let line = 0;
  const rows = text.split("\n");
  map.mappings.split(";").forEach((row, index) => {
    let column = 0;
    for (const segment of row ? row.split(",") : []) {
      const [step, , lineStep = 0] = decode(segment);
      column += step;
      line += lineStep;
      const entry = lines.get(line) ?? { pieces: 0, ran: 0 };
      entry.pieces += 1;
      entry.ran += covered[start + column] ? 1 : 0;
      lines.set(line, entry);
    }
    start += (rows[index] ?? "").length + 1;
  });
  return lines;
}

/** Files of a folder of the sources that hold code. */
function sources(root) {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
      .map((file) => join(folder, file)),
  ).sort();
}

/** Coverage by file: lines with code, lines of which something ran, and the numbers of the others. */
function report(fold) {
  const files = {};
  for (const source of sources(fold.root)) {
    const known = fold.files.get(source);
    const made = known ?? { ...emitted(fold.root, source), covered: new Uint8Array(0) };
    const lines = [...linesOf(made)];
    if (lines.length === 0) continue;
    const missed = lines.filter(([, { ran }]) => ran === 0).map(([number]) => number + 1);
    const count = (key) => lines.reduce((sum, [, entry]) => sum + entry[key], 0);
    files[source] = {
      lines: lines.length,
      covered: lines.length - missed.length,
      pieces: count("pieces"),
      ran: count("ran"),
      missed: missed.sort((a, b) => a - b),
    };
  }
  return files;
}

/** The totals of each folder, two levels deep. */
function byFolder(files) {
  const folders = {};
  for (const [source, file] of Object.entries(files)) {
    const folder = source.split("/").slice(0, -1).slice(0, 2).join("/");
    for (const name of [folder, "all"]) {
      folders[name] ??= { lines: 0, covered: 0, pieces: 0, ran: 0 };
      for (const key of Object.keys(folders[name])) folders[name][key] += file[key];
    }
  }
  return folders;
}

const percent = (part, whole) => `${((100 * part) / whole).toFixed(1)} %`;

function print(files) {
  console.log("| folder | lines | reached | pieces reached |\n| --- | --- | --- | --- |");
  const rows = Object.entries(byFolder(files)).sort(
    ([a], [b]) => (a === "all") - (b === "all") || (a < b ? -1 : 1),
  );
  for (const [name, { lines, covered, pieces, ran }] of rows) {
    console.log(`| ${name} | ${lines} | ${percent(covered, lines)} | ${percent(ran, pieces)} |`);
  }
}

/** `npm test` with reports of every process, folded every few seconds. */
async function main() {
  const root = resolve(process.env.NAMI_COVERAGE_ROOT || join(__dirname, ".."));
  const out = resolve(process.env.NAMI_COVERAGE_OUT || join(root, ".nami", "coverage"));
  const folder = join(out, "reports");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const fold = new Fold(root, folder);
  const child = spawn(process.execPath, [join(root, "tools", "test.js"), ...process.argv.slice(2)], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    // Code from the compile cache is counted less exactly.
    env: { ...process.env, NODE_V8_COVERAGE: folder, NODE_DISABLE_COMPILE_CACHE: "1" },
  });
  const timer = setInterval(() => fold.take(), 5000);
  const code = await new Promise((done) => child.on("exit", done));
  clearInterval(timer);
  await new Promise((next) => setTimeout(next, SETTLED_MS));
  fold.take(true);
  const files = report(fold);
  writeFileSync(join(out, "coverage.json"), JSON.stringify(files));
  console.log(
    `\n${fold.reports} processes reported; lines that none reached: ${relative(process.cwd(), join(out, "coverage.json"))}\n`,
  );
  print(files);
  process.exitCode = code ?? 1;
}

main();
