/**
 * Measures the figures of the README's table on this machine and prints it:
 *   npx ts-node bench/figures.ts
 * Needs what `npm test` installs into .nami/test-home; works in a NAMI_HOME of its own.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { operatedBy } from "../cli/deployments/deployments";
import { ownState } from "../cli/deployments/state";
import { readStack } from "../cli/deployments/store/checkpoints";
import { FileStore } from "../cli/deployments/store/file-store";
import { Operator } from "../cli/operate/operator";
import { paths } from "../local/paths";
import type { HostStatus } from "../local/protocol";
import { makeHome, type TestHome } from "../test/support/home";
import { json, ok } from "../test/support/nami";
import { post } from "../test/support/post";

interface Figure {
  what: string;
  measured: string;
  goal: string;
}

const RUNS = 5;
const POSTS = 40;
const NAMES = 20;
const IDLE_SECONDS = 10;

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(milliseconds < 1000 ? 2 : 1)} s`;

async function timed(home: TestHome, ...args: string[]): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) times.push((await ok(home.dir, args)).ms);
  return median(times);
}

async function ups(home: TestHome): Promise<Figure[]> {
  await ok(home.dir, ["up", "first", "--yes"]);
  const second = await ok(home.dir, ["up", "second", "--yes"]);
  const nothing = await timed(home, "up", "first", "--yes");
  return [
    { what: "`up` of another new name, test event included", measured: seconds(second.ms), goal: "≤ 15 s" },
    { what: "`up` with nothing to change", measured: seconds(nothing), goal: "≤ 6 s" },
  ];
}

async function idle(home: TestHome): Promise<Figure> {
  await sleep(IDLE_SECONDS * 1000);
  const { rssBytes } = await json<HostStatus>(home.dir, ["host", "status"]);
  return {
    what: "host, idle, with two names",
    measured: `${(rssBytes / 1024 ** 2).toFixed(0)} MB`,
    goal: "≤ 120 MB",
  };
}

/** From the first byte sent to the answer of the store that it has the event. */
async function postToStored(home: TestHome): Promise<Figure> {
  const store = new FileStore(paths.state(home.dir), ownState(home.dir));
  const kept = (await readStack(store, "nami", "first"))!;
  const operator = new Operator(operatedBy(home.dir, kept.outputs));
  const times: number[] = [];
  for (let i = 0; i < POSTS; i++) {
    const id = `bench-${i}`;
    const started = performance.now();
    await post(String(kept.outputs.url), '{"bench":true}', {
      "webhook-id": id,
      "content-type": "application/json",
    });
    while (!(await operator.invoke<{ event: unknown }>({ action: "event", id })).event) await sleep(10);
    times.push(performance.now() - started);
  }
  operator.close();
  return {
    what: `one post until it is stored, median of ${POSTS}`,
    measured: seconds(median(times)),
    goal: "≤ 0.5 s",
  };
}

/** The state of further names is that of the first under other names: `ls` reads the same files as if they were deployed. */
function multiply(home: TestHome): void {
  const dir = join(paths.state(home.dir), ".pulumi", "stacks", "nami");
  const state = readFileSync(join(dir, "first.json"), "utf8");
  for (let i = 2; i < NAMES; i++)
    writeFileSync(join(dir, `copy-${i}.json`), state.replaceAll("first", `copy-${i}`));
}

async function listing(home: TestHome): Promise<Figure[]> {
  multiply(home);
  const listed = await json<unknown[]>(home.dir, ["ls"]);
  if (listed.length !== NAMES) throw new Error(`ls shows ${listed.length} names, not ${NAMES}`);
  return [
    { what: `\`ls\` with ${NAMES} names`, measured: seconds(await timed(home, "ls")), goal: "≤ 1 s" },
    { what: "`help`", measured: seconds(await timed(home, "help")), goal: "≤ 0.3 s" },
  ];
}

async function main(): Promise<void> {
  const home = await makeHome();
  try {
    const figures = [
      ...(await ups(home)),
      await idle(home),
      await postToStored(home),
      ...(await listing(home)),
    ];
    const rows = figures.map(({ what, measured, goal }) => `| ${what} | ${measured} | ${goal} |`);
    const head = ["| what | measured | built for |", "| --- | --- | --- |"];
    process.stdout.write(
      `${[...head, ...rows].join("\n")}\n\n${cpus().length} × ${cpus()[0]?.model.trim()}\n`,
    );
  } finally {
    await home.close();
  }
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
