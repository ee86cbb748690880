import type { Log } from "./log";
import type { Health } from "./operator-actions";

/** Who has stopped delivery to the worker, and why; what lies in the parameter between two rounds. */
export interface Pause {
  /** "watchdog": to be taken back when MongoDB answers. null: nobody, or somebody who is not the watchdog. */
  by: "watchdog" | null;
  reason?: string;
  /** ISO 8601. */
  since?: string;
}

export interface Mapping {
  /** AWS's word: Creating, Enabling, Enabled, Disabling, Disabled, Updating, Deleting; "Missing" when there is none. */
  state: string;
}

/** What one round saw and did. */
export interface Report {
  health: Health;
  state: string;
  pause: Pause;
  did: "paused" | "resumed" | "nothing";
}

export interface WatchdogPorts {
  /** Asks the operator whether MongoDB answers. Throws when the operator cannot be asked. */
  health(): Promise<Health>;
  mapping(): Promise<Mapping>;
  /** Answers false when the mapping is just being changed. */
  setEnabled(enabled: boolean): Promise<boolean>;
  pause(): Promise<Pause>;
  setPause(pause: Pause): Promise<void>;
  sleep(milliseconds: number): Promise<void>;
  /** Milliseconds since the epoch. */
  now(): number;
  log: Log;
}

/** A server that starts anew, or one lost packet, is no outage. Milliseconds. */
const SECOND_LOOK = 5000;

/**
 * One round: while MongoDB does not answer or takes no write, delivery to the worker is stopped, so that waiting events are
 * not tried in vain until they are dead letters. When MongoDB works again, delivery goes on. A mapping that somebody else
 * has stopped stays stopped.
 * Throws what AWS refuses.
 */
export async function round(ports: WatchdogPorts): Promise<Report> {
  const [health, { state }, pause] = await Promise.all([lookTwice(ports), ports.mapping(), ports.pause()]);
  const seen = { health, state, pause };
  if (!health.answers && state === "Enabled") return stop(seen, ports);
  if (health.answers && pause.by === "watchdog" && isSettled(state)) return go(seen, ports);
  return { ...seen, did: "nothing" };
}

/** What a round would see, without doing anything. */
export async function look(ports: WatchdogPorts): Promise<Report> {
  const [health, { state }, pause] = await Promise.all([ports.health(), ports.mapping(), ports.pause()]);
  return { health, state, pause, did: "nothing" };
}

async function lookTwice({ health, sleep }: WatchdogPorts): Promise<Health> {
  const first = await health();
  if (first.answers) return first;
  await sleep(SECOND_LOOK);
  return health();
}

function isSettled(state: string): boolean {
  return state === "Disabled" || state === "Enabled";
}

/** The reason is written down first: whoever is interrupted in between leaves a pause that the next round can take back. */
async function stop(seen: Omit<Report, "did">, ports: WatchdogPorts): Promise<Report> {
  const { reason } = seen.health;
  const pause: Pause = { by: "watchdog", reason, since: new Date(ports.now()).toISOString() };
  await ports.setPause(pause);
  if (!(await ports.setEnabled(false))) return { ...seen, pause, did: "nothing" };
  ports.log("error", "delivery paused: MongoDB does not answer or takes no write", {
    code: "PAUSED",
    reason,
  });
  return { ...seen, state: "Disabling", pause, did: "paused" };
}

async function go(seen: Omit<Report, "did">, ports: WatchdogPorts): Promise<Report> {
  if (seen.state === "Disabled" && !(await ports.setEnabled(true))) return { ...seen, did: "nothing" };
  const pause: Pause = { by: null };
  await ports.setPause(pause);
  ports.log("info", "delivery goes on: MongoDB takes writes", { code: "RESUMED", since: seen.pause.since });
  return { ...seen, state: "Enabling", pause, did: "resumed" };
}

/** Whether nothing is taken out of the queue. */
export function isPaused(state: string): boolean {
  return state === "Disabled" || state === "Disabling" || state === "Missing";
}
