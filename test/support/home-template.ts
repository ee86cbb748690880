import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { lock } from "proper-lockfile";
import { paths } from "../../local/paths";
import { built } from "./built";
import { filesUnder } from "./files-under";
import { freePort, makeHome, sharedTools, type TestHome, testHome } from "./home";
import { json, ok } from "./nami";
import { stateKey, withSecrets } from "./state-secrets";

/**
 * A NAMI_HOME with `demo` deployed as `nami up demo` does it, its host stopped. It is made once for each build of Nami
 * and copied for each test file: an `up` of a first name takes ten times as long as a copy.
 */

/** What a copy has of its own. */
interface Place {
  dir: string;
  /** Of the gateway, on 127.0.0.1. */
  port: number;
  mongoPort: number;
  /** Of the AWS-compatible endpoints, which a host keeps once it has chosen it. */
  awsPort: number;
}

interface Template extends Place {
  /** Of the secrets in the state of `demo`, in base64. */
  key: string;
}

/** Of the homes that are made of a template: how it is found in it. */
const FACTS = "template.json";
const NAME = "demo";

/** Beside the tools, which the tests share as well. */
const folder = join(dirname(sharedTools), "homes");

/** Another build deploys other things. */
function buildKey(): string {
  const dist = built();
  const hash = createHash("sha256");
  for (const file of filesUnder(dist).sort()) {
    if (basename(file) !== ".built") hash.update(file.slice(dist.length)).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 12);
}

function demoState(home: string): string {
  return join(paths.state(home), ".pulumi", "stacks", "nami", `${NAME}.json`);
}

async function make(target: string): Promise<void> {
  const home = await makeHome();
  try {
    const port = Number(home.gateway.split(":")[1]);
    const mongoPort = await freePort();
    await ok(home.dir, ["up", NAME, "--yes", "--mongo-port", String(mongoPort)]);
    await ok(home.dir, ["host", "stop"]);
    rmSync(paths.tools(home.dir));
    rmSync(join(paths.pulumi(home.dir), "logs"), { recursive: true, force: true });
    const draft = `${target}.${process.pid}`;
    cpSync(home.dir, draft, { recursive: true, verbatimSymlinks: true });
    const state = readFileSync(demoState(home.dir), "utf8");
    const key = stateKey(state, readFileSync(paths.passphrase(home.dir), "utf8").trim()).toString("base64");
    const facts: Omit<Template, "awsPort"> = { dir: home.dir, port, mongoPort, key };
    writeFileSync(join(draft, FACTS), JSON.stringify(facts));
    renameSync(draft, target);
  } finally {
    await home.close();
  }
}

/** Another checkout with the same tools may be copying its own template now. */
const OLD_MS = 60 * 60_000;

function removeOld(): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (Date.now() - lstatSync(path).mtimeMs > OLD_MS) rmSync(path, { recursive: true, force: true });
  }
}

/** The template of this build, made where it is missing; old ones of other builds are thrown away. */
export async function homeTemplate(): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const target = join(folder, buildKey());
  if (existsSync(target)) return target;
  const release = await lock(folder, {
    stale: 120_000,
    retries: { retries: 120, factor: 1, minTimeout: 500 },
  });
  try {
    if (existsSync(target)) return target;
    removeOld();
    await make(target);
    return target;
  } finally {
    await release();
  }
}

/** Replaces what names the template's place; a number only where it stands alone. */
function moved(text: string, from: Place, to: Place): string {
  const number = (port: number) => new RegExp(`(?<![0-9a-zA-Z])${port}(?![0-9a-zA-Z])`, "g");
  return text
    .replaceAll(from.dir, to.dir)
    .replace(number(from.port), String(to.port))
    .replace(number(from.mongoPort), String(to.mongoPort))
    .replace(number(from.awsPort), String(to.awsPort));
}

/** Where files of a home name its place. Bundles do not, though a number in them may look like a port. */
const TEXTS = ["state", "work", join("host", "instances"), join("host", "settings.json")];
const isBundle = (file: string) => file.endsWith(".js");

function moveFiles(from: Place, to: Place): void {
  const texts = TEXTS.map((part) => join(to.dir, part)).flatMap((path) =>
    lstatSync(path).isDirectory() ? filesUnder(path) : [path],
  );
  for (const file of texts.filter((each) => !isBundle(each))) {
    const info = lstatSync(file);
    if (info.isSymbolicLink()) {
      const link = readlinkSync(file);
      if (!link.includes(from.dir)) continue;
      rmSync(file);
      symlinkSync(moved(link, from, to), file);
    } else if (info.isFile()) {
      const text = readFileSync(file, "utf8");
      const own = moved(text, from, to);
      if (own !== text) writeFileSync(file, own, { mode: info.mode });
    }
  }
}

/** The URI of MongoDB, with its port, is a secret. */
function moveSecrets(from: Template, to: Place): void {
  const file = demoState(to.dir);
  const state = readFileSync(file, "utf8");
  const key = Buffer.from(from.key, "base64");
  writeFileSync(
    file,
    withSecrets(state, key, (plain) => moved(plain, from, to)),
  );
}

function moveResources(from: Place, to: Place): void {
  const database = new DatabaseSync(paths.hostDatabase(to.dir));
  try {
    const rows = database.prepare("SELECT seq, id, inputs, outputs FROM resources").all() as {
      seq: number;
      id: string;
      inputs: string;
      outputs: string;
    }[];
    // The id of a queue is its URL.
    const update = database.prepare("UPDATE resources SET id = ?, inputs = ?, outputs = ? WHERE seq = ?");
    for (const { seq, ...texts } of rows) {
      const [id, inputs, outputs] = [texts.id, texts.inputs, texts.outputs].map((text) =>
        moved(text, from, to),
      ) as [string, string, string];
      update.run(id, inputs, outputs, seq);
    }
  } finally {
    database.close();
  }
}

/** A NAMI_HOME with `demo` deployed in it, on ports of its own; no host runs. */
export async function copyHome(): Promise<TestHome> {
  const template = await homeTemplate();
  const dir = mkdtempSync(join(tmpdir(), "nami-home-"));
  const to = { dir, port: await freePort(), mongoPort: await freePort(), awsPort: await freePort() };
  const home = testHome(dir, `127.0.0.1:${to.port}`);
  cpSync(template, dir, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  const facts = JSON.parse(readFileSync(join(dir, FACTS), "utf8")) as Omit<Template, "awsPort">;
  const { awsPort } = JSON.parse(readFileSync(paths.hostSettings(dir), "utf8")) as { awsPort: number };
  const from: Template = { ...facts, awsPort };
  rmSync(join(dir, FACTS));
  symlinkSync(sharedTools, paths.tools(dir));
  moveFiles(from, to);
  moveSecrets(from, to);
  moveResources(from, to);
  return home;
}

/** A home in which `demo` is deployed. */
export interface DemoHome extends TestHome {
  /** Where `demo` takes its events. */
  url: string;
}

const STORE_SECONDS = 60;

/** A copied home whose host runs and whose `demo` receives and stores, as after `nami up demo`. */
export async function demoHome(): Promise<DemoHome> {
  const home = await copyHome();
  try {
    await ok(home.dir, ["host", "start"]);
    const deadline = Date.now() + STORE_SECONDS * 1000;
    for (;;) {
      const { mongo, url } = await json<{ mongo: { answers: boolean }; url: string }>(home.dir, [
        "status",
        NAME,
      ]);
      if (mongo.answers) return { ...home, url };
      if (Date.now() > deadline) throw new Error(`MongoDB did not answer within ${STORE_SECONDS} s`);
    }
  } catch (error) {
    await home.close();
    throw error;
  }
}
