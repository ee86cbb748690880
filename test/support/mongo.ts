import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";
import { freePort } from "./home";

/** A real database process on 127.0.0.1, of a test's own. */
export interface TestMongo {
  uri: string;
  /** For what is read back. */
  client: MongoClient;
  /** Kills it with its data; a second time nothing happens. */
  close(): Promise<void>;
}

/** Where `npm test` has installed SecantusDB; NAMI_TEST_SECANTUSDB names another one. */
function binary(): string {
  const home = resolve(process.env.NAMI_TEST_HOME ?? join(__dirname, "..", "..", ".nami", "test-home"));
  const file = process.env.NAMI_TEST_SECANTUSDB ?? join(home, "tools", "secantusdb", "bin", "secantusd-py");
  if (!existsSync(file))
    throw new Error(`There is no SecantusDB at ${file}: run npm test, or set NAMI_TEST_SECANTUSDB.`);
  return file;
}

/** The same program with another default: the setting for this has no effect in 0.7.0b3. */
function sweeping(seconds: number): string[] {
  const program = `
import sys
from secantus.server import SecantusDBServer
SecantusDBServer.__init__.__kwdefaults__["ttl_sweep_seconds"] = ${seconds}
from secantus.cli import main
sys.exit(main())`;
  return [join(dirname(binary()), "python3"), "-c", program];
}

/**
 * @param user when given, the database asks for this login
 * @param sweepSeconds how often expired documents are deleted; absent: once a minute, as in MongoDB
 */
export async function startMongo(
  user?: { name: string; password: string },
  sweepSeconds?: number,
): Promise<TestMongo> {
  const dir = await mkdtemp(join(tmpdir(), "nami-mongo-"));
  const command = sweepSeconds === undefined ? [binary()] : sweeping(sweepSeconds);
  let server = await serve(dir, command, []);
  if (user) {
    await server.client.db("admin").command({ createUser: user.name, pwd: user.password, roles: ["root"] });
    await server.stop();
    server = await serve(dir, command, ["--auth"], `${user.name}:${user.password}@`);
  }
  const close = async () => {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  };
  return { uri: server.uri, client: server.client, close };
}

async function serve(dir: string, [file, ...before]: string[], flags: string[], login = "") {
  const port = await freePort();
  const fixed = [
    "--host",
    "127.0.0.1",
    "--port",
    String(port),
    "--storage-path",
    join(dir, "data"),
    "--sync-on-commit",
  ];
  const child = spawn(file!, [...before, ...fixed, ...flags], { cwd: dir, stdio: "ignore" });
  const uri = `mongodb://${login}127.0.0.1:${port}/`;
  const client = await connected(uri, child);
  const stop = async () => {
    await client.close();
    if (child.signalCode || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    // Not SIGTERM, which takes seconds: with --sync-on-commit nothing acknowledged is lost.
    child.kill("SIGKILL");
    await ended;
  };
  return { uri, client, stop };
}

async function connected(uri: string, child: ChildProcess): Promise<MongoClient> {
  for (let tries = 0; child.exitCode === null && tries < 100; tries++) {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: 500, directConnection: true });
    try {
      await client.db("admin").command({ ping: 1 });
      return client;
    } catch {
      await client.close();
      await sleep(100);
    }
  }
  child.kill("SIGKILL");
  throw new Error(`SecantusDB did not start (exit code ${child.exitCode}).`);
}
