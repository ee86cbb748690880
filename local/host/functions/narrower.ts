import { isDeepStrictEqual } from "node:util";
import type { Reach } from "./sandbox-reach";

/** Whether some of `before` is not in `after`. */
function lost<T>(before: T[], after: T[]): boolean {
  return before.some((one) => !after.some((other) => isDeepStrictEqual(one, other)));
}

/**
 * Whether something that could be reached before may not be any more. Ports that are gone with their instance do not
 * count: so are the connections to them.
 */
export function isNarrower(before: Reach, after: Reach): boolean {
  const closed = before.instances.filter(({ no }) => no === undefined).map(({ port }) => port);
  if (after.instances.some(({ port, no }) => no !== undefined && closed.includes(port))) return true;
  if (!before.vpc || !after.vpc) return before.vpc !== after.vpc;
  const [older, newer] = [before.vpc, after.vpc];
  return lost(older.egress, newer.egress) || lost(older.routes, newer.routes) || (older.ipv6 && !newer.ipv6);
}
