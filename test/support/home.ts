import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { recordedProcess } from "../../local/mongo/process-record";
import { paths } from "../../local/paths";
import type { HostFile, HostStatus } from "../../local/protocol";

/** A NAMI_HOME of a test's own. */
export interface TestHome {
  dir: string;
  /** 127.0.0.1:PORT, free when the home was made. */
  gateway: string;
  /** What the functions of a name have logged, e.g. ("demo", "preQueue"). */
  functionLog(name: string, which: "preQueue" | "postQueue" | "operator" | "watchdog"): Promise<string>;
  /** Stops the host and its databases, and removes the folder. */
  close(): Promise<void>;
}

/** `npm test` installs engine and Mongo here once, with the product's own installers. */
const shared = resolve(process.env.NAMI_TEST_HOME ?? join(__dirname, "..", "..", ".nami", "test-home"));

/** The installed engine and Mongo server. */
export const sharedTools = paths.tools(shared);

/**
 * Below the kernel's range for outgoing connections, one of which could take the port before the test does. Above 10080,
 * which `fetch` refuses as a "bad port": https://fetch.spec.whatwg.org/#port-blocking
 */
const PORTS = { from: 10_100, count: 9_900 };

function canListen(port: number): Promise<boolean> {
  return new Promise((done, failed) => {
    const server = createServer().on("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? done(false) : failed(error),
    );
    server.listen(port, "127.0.0.1", () => server.close(() => done(true)));
  });
}

/** A port of 127.0.0.1 that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * PORTS.count);
    if (await canListen(port)) return port;
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function end(pid: number): Promise<void> {
  for (const [signal, tries] of [
    ["SIGTERM", 150],
    ["SIGKILL", 50],
  ] as const) {
    if (!alive(pid)) return;
    process.kill(pid, signal);
    for (let i = 0; i < tries && alive(pid); i++) await new Promise((next) => setTimeout(next, 100));
  }
}

/** The pids of the host and of the databases it knows, by what it wrote and what it answers. */
async function hostPids(home: string): Promise<number[]> {
  if (!existsSync(paths.hostFile(home))) return [];
  const { pid, controlUrl } = JSON.parse(readFileSync(paths.hostFile(home), "utf8")) as HostFile;
  try {
    const authorization = `Bearer ${readFileSync(paths.hostToken(home), "utf8").trim()}`;
    const answer = await fetch(`${controlUrl}/status`, {
      headers: { authorization },
      signal: AbortSignal.timeout(3000),
    });
    const { mongo } = (await answer.json()) as HostStatus;
    return [pid, ...Object.values(mongo).flatMap((database) => database.pid ?? [])];
  } catch {
    return [pid];
  }
}

/** Of the machines' scripts and databases: what their pid files name and has this home in its command line. */
function machinePids(home: string): number[] {
  const instances = join(paths.host(home), "instances");
  if (!existsSync(instances)) return [];
  const files = readdirSync(instances, { recursive: true, encoding: "utf8" });
  return files.flatMap((file) => {
    const recorded = file.endsWith(".pid") ? recordedProcess(join(instances, file)) : undefined;
    return recorded?.commandLine.includes(home) ? recorded.pid : [];
  });
}

/** The host writes its logs with a short delay. */
const LOG_DELAY = 300;

async function functionLog(home: string, name: string, which: string): Promise<string> {
  await new Promise((next) => setTimeout(next, LOG_DELAY));
  const kind = which.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const logs = join(paths.host(home), "logs");
  const files = readdirSync(logs, { recursive: true, encoding: "utf8" }).filter(
    (file) =>
      file.endsWith(".log") &&
      file.includes(kind) &&
      (file.includes(`${name}-`) || file.includes(`/${name}/`)),
  );
  if (files.length === 0) throw new Error(`no log of ${which} of ${name} under ${logs}`);
  return files.map((file) => readFileSync(join(logs, file), "utf8")).join("");
}

/** Homes that are not closed yet: a run that is cut short leaves nothing behind. */
const open = new Set<string>();

/** At once and without a word, for the end of this process: its `exit` event waits for nothing. */
function abandon(dir: string): void {
  try {
    const file = paths.hostFile(dir);
    const host = existsSync(file) ? [(JSON.parse(readFileSync(file, "utf8")) as HostFile).pid] : [];
    for (const pid of [...host, ...machinePids(dir)]) if (alive(pid)) process.kill(pid, "SIGKILL");
    rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  } catch {
    // Whatever else is to be cleared up comes next.
  }
}

process.once("exit", () => {
  for (const dir of open) abandon(dir);
});

/** A NAMI_HOME of a test's own in `dir`, whose gateway listens on `gateway`. */
export function testHome(dir: string, gateway: string): TestHome {
  open.add(dir);
  return {
    dir,
    gateway,
    functionLog: (name, which) => functionLog(dir, name, which),
    close: async () => {
      const [host, ...databases] = await hostPids(dir);
      if (host) await end(host);
      for (const pid of databases) await end(pid);
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
      open.delete(dir);
    },
  };
}

/** Makes an empty NAMI_HOME with the shared tools and a gateway port of its own. */
export async function makeHome(): Promise<TestHome> {
  const dir = mkdtempSync(join(tmpdir(), "nami-home-"));
  mkdirSync(sharedTools, { recursive: true });
  symlinkSync(sharedTools, paths.tools(dir));
  const gateway = `127.0.0.1:${await freePort()}`;
  mkdirSync(paths.host(dir), { recursive: true, mode: 0o700 });
  writeFileSync(paths.hostSettings(dir), JSON.stringify({ listen: gateway }), { mode: 0o600 });
  return testHome(dir, gateway);
}
