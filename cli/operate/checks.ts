import { existsSync, statfsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { findWall } from "../../local/host/functions/wall";
import { lookForEngine, onPath } from "../../local/mongo/find";
import { isFree } from "../../local/mongo/free-port";
import type { HostStatus } from "../../local/protocol";
import type { CodedError } from "../../runtime/coded-error";
import { findGo } from "../engine/build";
import { findEngine } from "../engine/engine";
import { ENGINE_VERSION } from "../engine/version";
import { isOpenToOthers, writableHome } from "../home";
import type { Io } from "../io";

/** One thing `nami doctor` looked at. */
export interface Check {
  check: string;
  ok: boolean;
  /** Nami cannot work as things are; otherwise it is a thing to know. */
  broken: boolean;
  found: string;
  /** A command, or what to do. Absent when all is well. */
  fix?: string;
}

/** State, logs and databases need room; the engine alone is 115 MB, its build 3 GB once. Bytes. */
const SCARCE = 1024 ** 3;

const fine = (check: string, found: string): Check => ({ check, ok: true, broken: false, found });
const later = (check: string, found: string, fix: string): Check => ({
  check,
  ok: false,
  broken: false,
  found,
  fix,
});
const bad = (check: string, found: string, fix: string): Check => ({
  check,
  ok: false,
  broken: true,
  found,
  fix,
});

export function checkNode(): Check {
  return fine("node", `${process.versions.node} (${process.execPath})`);
}

/** Makes NAMI_HOME when it is not there: that it can be made is what is asked. */
export function checkHome(io: Io): Check {
  let home: string;
  try {
    home = writableHome(io);
  } catch (error) {
    const { message, hint } = error as CodedError;
    return bad("home", message, hint);
  }
  if (isOpenToOthers(home))
    return later("home", `${home} is open to others, who can read secrets in it`, `chmod 700 ${home}`);
  const { bavail, bsize } = statfsSync(home);
  const free = bavail * bsize;
  const text = `${home}, ${(free / 1024 ** 3).toFixed(1)} GiB free`;
  return free > SCARCE ? fine("home", text) : bad("home", text, `make room on the disk of ${home}`);
}

export async function checkEngine(home: string, io: Io): Promise<Check> {
  try {
    const { engine } = await findEngine({ home, io });
    if (engine) return fine("engine", `pulumi ${engine.version} (${engine.binary})`);
  } catch (error) {
    const { message, hint } = error as CodedError;
    return bad("engine", message, hint);
  }
  const go = await findGo(io.env).then(
    ({ version }) => `else it is built with Go ${version}`,
    (error: Error) => `else a build is not possible: ${error.message}`,
  );
  return later(
    "engine",
    `not here yet; pulumi ${ENGINE_VERSION} is downloaded when needed, ${go}`,
    "nami doctor --fix",
  );
}

export async function checkMongo(home: string, io: Io): Promise<Check> {
  try {
    const { engine } = await lookForEngine({ home, env: io.env });
    if (engine) return fine("mongo", `${engine.name} (${engine.command})`);
  } catch (error) {
    const { message, hint } = error as CodedError;
    return bad("mongo", message, hint);
  }
  const python = onPath("python3", io.env)
    ? "else SecantusDB is installed with python3"
    : "and there is no python3 for SecantusDB";
  return later("mongo", `not here yet; mongod is downloaded when needed, ${python}`, "nami doctor --fix");
}

export function checkHost({ pid, version, gatewayUrl, publicUrl }: HostStatus): Check {
  const told = publicUrl === gatewayUrl ? "" : `, told to senders as ${publicUrl}`;
  return fine("gateway", `${gatewayUrl}${told}; the host (process ${pid}, Nami ${version}) is running`);
}

/** The gateway's address while no host runs. */
export async function checkPort(listen: string): Promise<Check> {
  const port = Number(listen.split(":").at(-1));
  if (await isFree(port)) return fine("gateway", `${listen} is free`);
  return bad(
    "gateway",
    `${listen} is taken by another program`,
    "nami gateway set --listen 127.0.0.1:<another port>",
  );
}

/** A note, not a problem: most people run only code of their own. */
export async function checkWall(home: string, io: Io): Promise<Check> {
  const wall = await findWall(home, io.env);
  if (!("missing" in wall)) return fine("wall", `user code cannot read Nami's own files (${wall.name})`);
  const fix = process.platform === "linux" ? "apt-get install bubblewrap" : "see docs/security.md";
  return later("wall", `user code can read Nami's own files: ${wall.missing}`, fix);
}

/** Only whether there are any: whether they are right is asked by AWS itself. */
export function checkCredentials(env: NodeJS.ProcessEnv): Check {
  const home = env.HOME ?? homedir();
  const places: [string, boolean][] = [
    ["AWS_ACCESS_KEY_ID", Boolean(env.AWS_ACCESS_KEY_ID)],
    ["AWS_PROFILE", Boolean(env.AWS_PROFILE)],
    ["AWS_WEB_IDENTITY_TOKEN_FILE", Boolean(env.AWS_WEB_IDENTITY_TOKEN_FILE)],
    [
      "the container's role",
      Boolean(env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI ?? env.AWS_CONTAINER_CREDENTIALS_FULL_URI),
    ],
    ["~/.aws/credentials", existsSync(env.AWS_SHARED_CREDENTIALS_FILE ?? join(home, ".aws", "credentials"))],
    ["~/.aws/config", existsSync(env.AWS_CONFIG_FILE ?? join(home, ".aws", "config"))],
  ];
  const found = places.filter(([, there]) => there).map(([place]) => place);
  if (found.length > 0) return fine("aws", `credentials from ${found[0]}`);
  return later("aws", "no credentials; needed for --target aws only", "aws configure");
}
