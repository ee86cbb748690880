/**
 * Measures what the pre-queue function of each preset takes to begin, on one core, and how large its bundle is:
 *   npx ts-node bench/init.ts
 * A fresh process a run, from before the bundle is read until the handler is there; Node's own start is not in it.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { bundleHandler } from "../infra/bundle";
import { presets } from "../runtime/verify/presets";

const RUNS = 7;

const SCRIPT = `
const started = performance.now();
require(process.argv[1]).createHandler({ name: "demo", maxMessageBytes: 1048576, verification: { scheme: "x" } });
process.stdout.write(String(performance.now() - started));`;

const env = {
  PATH: process.env.PATH,
  NAMI_PROBE_KEY: "k",
  NAMI_QUEUE_URL: "https://sqs.us-east-1.amazonaws.com/1/q",
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "a",
  AWS_SECRET_ACCESS_KEY: "s",
};

/** Milliseconds. */
function initOf(bundle: string): number {
  // One core, where the system can be told so.
  const words = process.platform === "linux" ? ["taskset", "-c", "0", process.execPath] : [process.execPath];
  const { stdout, stderr } = spawnSync(words[0]!, [...words.slice(1), "-e", SCRIPT, bundle], {
    env,
    encoding: "utf8",
  });
  if (stdout === "") throw new Error(stderr);
  return Number(stdout);
}

async function main(): Promise<void> {
  const cwd = mkdtempSync(join(tmpdir(), "nami-bench-"));
  const userFile = join(cwd, "custom.ts");
  writeFileSync(userFile, "export default () => undefined;\nexport const verify = () => true;\n");
  try {
    const rows: { name: string; ms: number; kb: number }[] = [];
    for (const { name } of presets) {
      const request = { kind: "pre-queue", name, preset: name, cwd } as const;
      const { path } = await bundleHandler(name === "custom" ? { ...request, userFile } : request);
      const bundle = join(cwd, path);
      const times = Array.from({ length: RUNS }, () => initOf(bundle)).sort((a, b) => a - b);
      const kb = deflateRawSync(readFileSync(bundle)).length / 1000;
      rows.push({ name, ms: times[Math.floor(RUNS / 2)]!, kb });
    }
    rows.sort((a, b) => b.ms - a.ms);
    process.stdout.write("| preset | init, median | bundle, deflated |\n| --- | --- | --- |\n");
    for (const { name, ms, kb } of rows)
      process.stdout.write(`| ${name} | ${ms.toFixed(1)} ms | ${kb.toFixed(1)} KB |\n`);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
