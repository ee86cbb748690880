import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { CodedError } from "../../runtime/coded-error";
import { buildId } from "../build-id";
import { localError } from "../errors";
import { nodeProgram } from "../node-program";
import { paths } from "../paths";
import type { HostStatus } from "../protocol";
import { compareVersions, packageVersion } from "../version";
import { controlRequest, findHost, hostStatus } from "./control-client";
import { SCHEMA } from "./database";

export interface StartOptions {
  /** ADDRESS:PORT of the gateway; kept for later starts. */
  listen?: string;
  /** What senders are told; kept for later starts. */
  publicUrl?: string;
}

/** What a starting host tells its parent over the process channel. */
export type StartReport =
  | { ready: true }
  | { error: { code: string; message: string; hint: string; exitCode: number } };

const START_TIMEOUT = 60_000;
const STOP_TIMEOUT = 60_000;
const POLL = 50;

/**
 * Answers the running host of `home`, started when there is none. Starts at the same time agree on one.
 * A host of an older version, or of another build of the same one, is stopped and replaced, what it holds with it.
 * @throws localError PORT_TAKEN, HOST_DID_NOT_START, HOST_VERSION_NEWER, HOST_LISTENS_ELSEWHERE and what the host met
 */
export async function startHost(home: string, options: StartOptions = {}): Promise<HostStatus> {
  const running = await findHost(home);
  if (running && isCurrent(running)) return asWanted(running, options);
  if (running) await stopHost(home);
  const child = launch(home, options);
  try {
    return asWanted(await whenReady(home, child), options);
  } finally {
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** Ends the host after what it has at work; nothing to do when none runs. @throws localError HOST_DID_NOT_STOP */
export async function stopHost(home: string): Promise<void> {
  const running = await findHost(home);
  if (!running) return;
  await controlRequest(home, "/stop", {});
  const deadline = Date.now() + STOP_TIMEOUT;
  while (isAlive(running.pid)) {
    if (Date.now() > deadline) {
      throw localError("HOST_DID_NOT_STOP", { pid: running.pid, seconds: STOP_TIMEOUT / 1000 });
    }
    await sleep(POLL);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** @throws localError HOST_VERSION_NEWER */
function isCurrent(running: HostStatus): boolean {
  const own = packageVersion();
  const order = compareVersions(running.version, own);
  if (order > 0 || running.schema > SCHEMA)
    throw localError("HOST_VERSION_NEWER", { running: running.version, own });
  return order === 0 && running.build === buildId();
}

function asWanted(running: HostStatus, { listen, publicUrl }: StartOptions): HostStatus {
  const elsewhere =
    (listen !== undefined && !listen.endsWith(":0") && running.gatewayUrl !== `http://${listen}`) ||
    (publicUrl !== undefined && running.publicUrl !== publicUrl);
  if (!elsewhere) return running;
  const flags = [listen && `--listen ${listen}`, publicUrl && `--public-url ${publicUrl}`]
    .filter(Boolean)
    .join(" ");
  throw localError("HOST_LISTENS_ELSEWHERE", { now: running.publicUrl, wanted: publicUrl ?? listen!, flags });
}

/** All that the host takes of the shell that starts it: it outlives that shell, whose secrets are no business of its. */
const INHERITED =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|LD_LIBRARY_PATH|NAMI_MONGO|NAMI_REHEARSAL|NAMI_WALL|NODE_(OPTIONS|PATH|EXTRA_CA_CERTS|COMPILE_CACHE|V8_COVERAGE))$/;

function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => INHERITED.test(name)));
}

function launch(home: string, options: StartOptions): ChildProcess {
  const folder = paths.host(home);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const log = openSync(paths.hostLog(home), "a", 0o600);
    try {
      const args = nodeProgram(__dirname, "main");
      return spawn(process.execPath, [...args, JSON.stringify(options)], {
        cwd: folder,
        detached: true,
        env: { ...inherited(), NAMI_HOME: home },
        stdio: ["ignore", log, log, "ipc"],
      });
    } finally {
      closeSync(log);
    }
  } catch (error) {
    throw localError("HOST_FOLDER_UNWRITABLE", { folder, reason: (error as Error).message }, error);
  }
}

type Outcome = StartReport | { exit: string };

function outcomeOf(child: ChildProcess): Promise<Outcome> {
  return new Promise((resolve) => {
    child.once("message", (report) => resolve(report as StartReport));
    child.once("error", (error) => resolve({ exit: error.message }));
    child.once("exit", (code, signal) =>
      resolve({ exit: `it ended with ${signal ?? `exit code ${code}`}.` }),
    );
  });
}

/** The other one that starts at the same time may take as long as this one would. */
async function waitForOther(home: string): Promise<HostStatus> {
  const deadline = Date.now() + START_TIMEOUT;
  for (;;) {
    const running = await findHost(home);
    if (running) return running;
    if (Date.now() > deadline) {
      const reason = "another host holds the lock and does not answer.";
      throw localError("HOST_DID_NOT_START", { reason, log: paths.hostLog(home) });
    }
    await sleep(POLL);
  }
}

async function whenReady(home: string, child: ChildProcess): Promise<HostStatus> {
  const late = sleep(
    START_TIMEOUT,
    { exit: `it was not ready after ${START_TIMEOUT / 1000} s.` },
    { ref: false },
  );
  const outcome: Outcome = await Promise.race([outcomeOf(child), late]);
  if ("ready" in outcome) return hostStatus(home);
  if ("exit" in outcome) {
    child.kill();
    throw localError("HOST_DID_NOT_START", { reason: outcome.exit, log: paths.hostLog(home) });
  }
  const { code, message, hint, exitCode } = outcome.error;
  if (code === "HOST_ALREADY_RUNNING") return waitForOther(home);
  throw new CodedError(code, message, hint, exitCode);
}
