/** Whether another process of the function listens on a port. A part of the sandbox: it imports nothing but Node. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

type Protocol = "tcp" | "udp";

/** Of sockets in /proc/net: TCP's LISTEN, and UDP's only state. */
const WAITING = { tcp: "0A", udp: "07" };

/** Told by /proc; where there is none (macOS) another process's port is taken for another program's. */
export function functionListens(protocol: Protocol, port: number): boolean {
  const first = Number(process.env.NAMI_SANDBOX_PID) || process.pid;
  const others = [first, ...descendants(first)].filter((pid) => pid !== process.pid);
  if (others.length === 0) return false;
  const inodes = waitingInodes(protocol, port);
  return inodes.size > 0 && others.some((pid) => openSockets(pid).some((inode) => inodes.has(inode)));
}

function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function descendants(pid: number): number[] {
  const threads = attempt(() => readdirSync(`/proc/${pid}/task`), []);
  const children = threads.flatMap((thread) =>
    attempt(() => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"), "")
      .split(" ")
      .filter(Boolean)
      .map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** Lines of /proc/net: `sl local_address rem_address st tx:rx tr:tm retrnsmt uid timeout inode …`, ports in hex. */
function waitingInodes(protocol: Protocol, port: number): Set<string> {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const lines = [protocol, `${protocol}6`].flatMap((name) =>
    attempt(() => readFileSync(`/proc/net/${name}`, "utf8"), "").split("\n"),
  );
  const fields = lines.map((line) => line.trim().split(/\s+/));
  const waiting = fields.filter(
    ([, local = "", , state]) => local.endsWith(ending) && state === WAITING[protocol],
  );
  return new Set(waiting.map((columns) => columns[9]!));
}

function openSockets(pid: number): string[] {
  const links = attempt(() => readdirSync(`/proc/${pid}/fd`), []).map((fd) =>
    attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`), ""),
  );
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}
