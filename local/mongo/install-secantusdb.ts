import { execFile } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { syncTree, writeDurably } from "../durable";
import { paths } from "../paths";
import { type MongoEngine, SECANTUSDB_VERSION, secantusEngine } from "./engine";
import { doneMark, onPath, type Search, type Tried } from "./find";
import type { Progress } from "./progress";

const run = promisify(execFile);

const WAY = `SecantusDB ${SECANTUSDB_VERSION} from the Python package index`;
/** Newest first after the plain name: the plain one may be too old or too new for the wheels. */
const PYTHONS = ["python3", "python3.13", "python3.12", "python3.11", "python3.10"];
const PYTHON_TOO_OLD = "import sys; sys.exit(sys.version_info < (3, 10))";

/** SecantusDB in a virtual environment of its own; an interrupted installation is thrown away and made again. */
export async function installSecantusdb(
  { home, env }: Search,
  progress: Progress,
): Promise<MongoEngine | Tried> {
  const python = await findPython(env);
  if (!python) return { way: WAY, why: "no python3 of version 3.10 or newer on the PATH" };
  const venv = join(paths.tools(home), "secantusdb");
  const log = join(paths.tools(home), "secantusdb-install.log");
  progress.step(`Installing ${WAY}`);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(paths.tools(home), { recursive: true });
  writeFileSync(log, "");
  try {
    await logged(log, python, ["-m", "venv", venv], env);
    const pip = [
      "-m",
      "pip",
      "install",
      "--disable-pip-version-check",
      "--no-input",
      `SecantusDB==${SECANTUSDB_VERSION}`,
    ];
    await logged(log, join(venv, "bin", "python3"), pip, env);
    await logged(log, join(venv, "bin", "python3"), [join(venv, "bin", "secantusd-py"), "--help"], env);
  } catch (error) {
    return {
      way: WAY,
      why: `${lastLine((error as { stderr?: string }).stderr) ?? (error as Error).message} (log: ${log})`,
    };
  }
  syncTree(venv);
  writeDurably(doneMark.secantusdb(home), `${JSON.stringify({ version: SECANTUSDB_VERSION })}\n`);
  return secantusEngine(venv);
}

async function findPython(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const name of PYTHONS) {
    const command = onPath(name, env);
    if (!command) continue;
    const fits = await run(command, ["-c", PYTHON_TOO_OLD], { env, timeout: 30_000 }).then(
      () => true,
      () => false,
    );
    if (fits) return command;
  }
  return undefined;
}

/** Runs a command and keeps what it said in the log, also when it fails. */
async function logged(log: string, command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  appendFileSync(log, `$ ${command} ${args.join(" ")}\n`);
  const { PYTHONHOME: _home, PYTHONPATH: _path, ...clean } = env;
  const done = run(command, args, { env: clean, timeout: 15 * 60_000, maxBuffer: 64 * 1024 * 1024 });
  try {
    const { stdout, stderr } = await done;
    appendFileSync(log, stdout + stderr);
  } catch (error) {
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
    appendFileSync(log, `${stdout}${stderr}\n${(error as Error).message}\n`);
    throw error;
  }
}

function lastLine(text: string | undefined): string | undefined {
  return text?.trim().split("\n").at(-1) || undefined;
}
