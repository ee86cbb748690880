import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeDurably } from "../../local/durable";
import { localError } from "../../local/errors";
import { isFree } from "../../local/mongo/free-port";
import { paths } from "../../local/paths";
import { cliError } from "../errors";
import type { Io } from "../io";
import { waitForLock } from "../lock";

type Ports = Record<string, number>;

/** Below the range from which systems take ports for outgoing connections: a kept port must be free tomorrow, too. */
const FIRST = 27_018;
const LAST = 28_017;

const file = (home: string) => join(paths.work(home), "mongo-ports.json");

function read(home: string): Ports {
  try {
    return JSON.parse(readFileSync(file(home), "utf8")) as Ports;
  } catch {
    return {};
  }
}

function write(home: string, ports: Ports): void {
  mkdirSync(paths.work(home), { recursive: true });
  writeDurably(file(home), JSON.stringify(ports, null, 2));
}

async function change<T>(home: string, io: Io, work: (ports: Ports) => Promise<T>): Promise<T> {
  const request = { home, name: "nami.mongo-ports", command: "up", now: io.now };
  const lock = await waitForLock(request, { seconds: 30, signal: io.signal, onWait: () => {} });
  try {
    return await work(read(home));
  } finally {
    lock.release();
  }
}

/**
 * Every port of the range, from one that home and name decide: two homes on one machine that look at the same moment
 * do not both take the first, and a preview names the port that `up` will take.
 */
function candidates(home: string, name: string): number[] {
  const size = LAST - FIRST + 1;
  const start = createHash("sha256").update(`${home}\0${name}`).digest().readUInt32BE() % size;
  return Array.from({ length: size }, (_, i) => FIRST + ((start + i) % size));
}

/**
 * The port of a name's own Mongo server on this machine: the one it was given before, else one that is free now and
 * given to no other name of this NAMI_HOME. `reserve` keeps it; a preview only asks. Throws PORTS_USED_UP.
 */
export function mongoPortFor(home: string, name: string, io: Io, reserve: boolean): Promise<number> {
  return change(home, io, async (ports) => {
    const before = ports[name];
    if (before) return before;
    const given = new Set(Object.values(ports));
    for (const port of candidates(home, name)) {
      if (given.has(port) || !(await isFree(port))) continue;
      if (reserve) write(home, { ...ports, [name]: port });
      return port;
    }
    throw cliError("PORTS_USED_UP", { first: FIRST, last: LAST });
  });
}

/** A port that is chosen by hand, and not the one in use, must be free. Throws MONGO_PORT_TAKEN before anything is begun. */
export async function checkMongoPort(now: unknown, before: unknown): Promise<void> {
  if (now === undefined || String(now) === String(before)) return;
  if (!(await isFree(Number(now)))) throw localError("MONGO_PORT_TAKEN", { port: Number(now) });
}

/** The name's data is gone: its port may be given to others. */
export function freeMongoPort(home: string, name: string, io: Io): Promise<void> {
  return change(home, io, async ({ [name]: _freed, ...others }) => write(home, others));
}
