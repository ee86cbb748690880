import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { syncTree, writeDurably } from "../durable";
import { paths } from "../paths";
import type { MongoEngine } from "./engine";
import { doneMark, judge, type Search, type Tried } from "./find";
import type { Progress } from "./progress";

const WAY = "mongod by download";
const NO_BYTE_WITHIN_MS = 10_000;

/**
 * The downloader of mongodb-memory-server runs in a process of its own: it is configured by the environment, prints
 * on stdout, waits a minute for a silent network, and leaves 40 MB behind in whoever loads it.
 */
const DOWNLOADER = `
  const { DryMongoBinary } = require(process.argv[1] + "/DryMongoBinary");
  const { MongoBinaryDownload } = require(process.argv[1] + "/MongoBinaryDownload");
  (async () => {
    const options = await DryMongoBinary.generateOptions({ downloadDir: process.argv[2] });
    options.downloadDir = process.argv[2];
    const path = await new MongoBinaryDownload(options).getMongodPath();
    require("node:fs").writeFileSync(process.argv[2] + "/path", path);
  })().catch((error) => { console.error(error.message); process.exit(1); });`;

/** A real mongod for this system, kept under NAMI_HOME/tools/mongod; its checksum is checked by the downloader. */
export async function downloadMongod(
  { home, env }: Search,
  progress: Progress,
): Promise<MongoEngine | Tried> {
  const folder = join(paths.tools(home), "mongod");
  const log = join(paths.tools(home), "mongod-download.log");
  progress.step("Downloading mongod");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const problem = await download(folder, log, env, progress);
  if (problem) return { way: WAY, why: problem };
  const path = readFileSync(join(folder, "path"), "utf8");
  const engine = await judge("download", path, WAY);
  if ("why" in engine) return engine;
  const version = engine.name.split(" ")[1];
  syncTree(folder);
  writeDurably(doneMark.download(home), `${JSON.stringify({ path, version })}\n`);
  return engine;
}

/** Answers why it failed, or undefined. */
function download(
  folder: string,
  log: string,
  env: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<string | undefined> {
  const output = openSync(log, "w");
  const library = join(require.resolve("mongodb-memory-server-core"), "..", "util");
  const child = spawn(process.execPath, ["-e", DOWNLOADER, library, folder], {
    env: { MONGOMS_MAX_RETRIES: "1", npm_config_strict_ssl: "true", ...env },
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const silent = watchBytes(child, folder, progress);
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code) => {
      if (silent.stop()) resolve(`no byte came within ${NO_BYTE_WITHIN_MS / 1000} s`);
      else
        resolve(
          code === 0
            ? undefined
            : (readFileSync(log, "utf8").trim().split("\n").at(-1) ?? `exit code ${code}`),
        );
    });
  });
}

/** Tells how far it is, and ends a download that does not begin. `stop` answers whether it did. */
function watchBytes(child: ChildProcess, folder: string, progress: Progress): { stop(): boolean } {
  const startedAt = Date.now();
  let ended = false;
  let told = 0;
  const timer = setInterval(() => {
    const bytes = folderBytes(folder);
    if (bytes === 0 && Date.now() - startedAt > NO_BYTE_WITHIN_MS) {
      ended = true;
      child.kill("SIGKILL");
    }
    const megabytes = Math.floor(bytes / 1e6);
    if (megabytes >= told + 10) {
      told = megabytes;
      progress.step(`Downloading mongod: ${megabytes} MB`);
    }
  }, 250);
  return {
    stop: () => {
      clearInterval(timer);
      return ended;
    },
  };
}

function folderBytes(folder: string): number {
  let bytes = 0;
  for (const name of readdirSync(folder))
    bytes += statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0;
  return bytes;
}
