import { architectureOf } from "../../infra/architecture";
import type { Resolved } from "../../infra/options";
import type { KeptStack } from "../deployments/state";
import { cliError } from "../errors";

type DataOptions = Pick<Resolved, "mongoVersion" | "instanceType" | "volumeSize">;

/** [series, release]: "8.0.12" is release 0 of series 8. */
function numbers(version: string): [number, number] {
  const [major, minor] = version.split(".").map(Number);
  return [major!, minor!];
}

/**
 * Why data files of one version are not opened by another; undefined when they are.
 * https://www.mongodb.com/docs/manual/release-notes/8.0-upgrade-standalone/
 */
function whyNotOpened(was: string, wanted: string): string | undefined {
  const [from, to] = [numbers(was), numbers(wanted)];
  if (to[0] < from[0] || (to[0] === from[0] && to[1] < from[1])) {
    return "an older MongoDB does not open the files of a newer one";
  }
  return to[0] > from[0] + 1
    ? `MongoDB goes from one series to the next, here to ${from[0] + 1}.0`
    : undefined;
}

function refuseVersion(name: string, was: string, wanted: string): void {
  const reason = whyNotOpened(was, wanted);
  if (!reason) return;
  const [series] = numbers(was);
  const next = numbers(wanted)[0] > series ? `${series + 1}.0` : was;
  throw cliError("MONGO_VERSION_REFUSED", { name, was, wanted, reason, next });
}

/** The image of a host that stands stays the one it was made from: see MongoHost. */
function refuseProcessor(name: string, was: string, wanted: string): void {
  const [from, to] = [architectureOf(was), architectureOf(wanted)];
  if (from !== to) throw cliError("ARCHITECTURE_CHANGED", { name, was, wanted, from, to });
}

/**
 * Refuses, before anything is begun, what would lose stored events or could not be done with them.
 * Throws VOLUME_SHRINKS, MONGO_VERSION_REFUSED, ARCHITECTURE_CHANGED.
 */
export function refuseLoss(
  name: string,
  { stack, data }: { stack?: KeptStack; data?: KeptStack },
  wanted: Resolved,
  upgradeHost: boolean,
): void {
  const made = data?.outputs.options as DataOptions | undefined;
  if (!made || wanted.mongoUri) return;
  if (wanted.volumeSize < made.volumeSize) {
    throw cliError("VOLUME_SHRINKS", { name, was: made.volumeSize, wanted: wanted.volumeSize });
  }
  refuseVersion(name, made.mongoVersion, wanted.mongoVersion);
  const hasHost = typeof stack?.outputs.instanceId === "string";
  if (hasHost && !upgradeHost) refuseProcessor(name, made.instanceType, wanted.instanceType);
}
