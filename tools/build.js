// Builds dist/ from cli, infra, local and runtime; `npm ci` runs it as `prepare`. Plain JavaScript for any Node from 20 on.

const fs = require("node:fs");
const { dirname, join, relative, resolve } = require("node:path");

const root = resolve(__dirname, "..");
const dist = join(root, "dist");

/** TypeScript, or undefined where only run-time dependencies are installed. */
function compiler() {
  try {
    return require("typescript");
  } catch (error) {
    if (error.code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

function settings(ts) {
  const file = join(root, "tsconfig.build.json");
  const { config, error } = ts.readConfigFile(file, ts.sys.readFile);
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, "\n"));
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options;
}

function filesUnder(dir) {
  if (!fs.existsSync(dir)) return [];
  return fs.readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

function write(path, text) {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(path, text);
}

/** What is no TypeScript goes over as it is, with its mode: sandbox starters, launchers, the instance's stand-ins. */
function copy(from, to) {
  fs.mkdirSync(dirname(to), { recursive: true });
  fs.copyFileSync(from, to);
  fs.chmodSync(to, fs.statSync(from).mode);
}

/**
 * One file at a time, as ts-node does in a checkout: both routes must emit the same text, for Pulumi serializes
 * functions from it. Types are checked apart (`npm run types`).
 */
function build(ts, target) {
  const compilerOptions = { ...settings(ts), noEmit: false, sourceMap: false, declaration: false };
  const files = ["cli", "infra", "local", "runtime"].flatMap((dir) => filesUnder(join(root, dir)));
  for (const file of files) {
    const out = join(target, relative(root, file));
    if (!file.endsWith(".ts")) copy(file, out);
    else if (!file.endsWith(".d.ts")) {
      const { outputText } = ts.transpileModule(fs.readFileSync(file, "utf8"), {
        compilerOptions,
        fileName: file,
      });
      write(out.replace(/\.ts$/, ".js"), outputText);
    }
  }
  return files.length;
}

/** Puts the new build in the old one's place; a command that starts meanwhile finds one or the other. */
function swap(fresh) {
  const old = `${fresh}.old`;
  if (fs.existsSync(dist)) fs.renameSync(dist, old);
  fs.renameSync(fresh, dist);
  fs.rmSync(old, { recursive: true, force: true });
}

function main() {
  const ts = compiler();
  if (!ts) {
    if (fs.existsSync(join(dist, ".built"))) return;
    console.error(
      "nami: dist/ is missing and typescript is not installed to build it. Run: npm ci --include=dev",
    );
    process.exitCode = 1;
    return;
  }
  const started = new Date();
  const fresh = join(root, `.dist-${process.pid}`);
  try {
    const count = build(ts, fresh);
    write(join(fresh, ".built"), `${JSON.stringify({ files: count, typescript: ts.version })}\n`);
    // The stamp bears the time before the first file was read: an edit during the build makes it stale.
    fs.utimesSync(join(fresh, ".built"), started, started);
    swap(fresh);
    console.log(`built dist/: ${count} files in ${Date.now() - started.getTime()} ms`);
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true });
  }
}

main();
