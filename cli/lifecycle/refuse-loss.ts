import { architectureOf } from "../../infra/architecture";
import { MONGO_SERIES, seriesBetween, seriesOf } from "../../infra/mongo-series";
import type { Resolved } from "../../infra/options";
import type { KeptStack } from "../deployments/state";
import { cliError } from "../errors";

/** Why data files of one version are not opened by another; undefined when they are. */
function whyNotOpened(steps: number): string | undefined {
  if (steps < 0) return "an older MongoDB does not open the files of a newer one";
  return steps > 1 ? "MongoDB goes from one series to the next" : undefined;
}

/** `was`: the version with which MongoDB has answered last. */
function refuseVersion(name: string, was: string, wanted: string): void {
  const steps = seriesBetween(was, wanted);
  const reason = whyNotOpened(steps);
  if (!reason) return;
  const next = steps > 0 ? MONGO_SERIES[MONGO_SERIES.indexOf(seriesOf(was)) + 1]! : was;
  throw cliError("MONGO_VERSION_REFUSED", { name, was, wanted, reason, next });
}

/** The type of the host that stands, as the engine last saw it. */
function hostType({ resources }: KeptStack): string | undefined {
  const host = resources.find(({ type }) => type === "aws:ec2/instance:Instance");
  return host?.outputs?.instanceType as string | undefined;
}

/** The image of a host that stands stays the one it was made from: see MongoHost. */
function refuseProcessor(name: string, was: string, wanted: string): void {
  const [from, to] = [architectureOf(was), architectureOf(wanted)];
  if (from !== to) throw cliError("ARCHITECTURE_CHANGED", { name, was, wanted, from, to });
}

/**
 * Refuses, before anything is begun, what would lose stored events or could not be done with them.
 * Throws VOLUME_SHRINKS, VOLUME_STAYS, MONGO_VERSION_REFUSED, ARCHITECTURE_CHANGED.
 */
export function refuseLoss(
  name: string,
  { stack, data, mongoAnswered }: { stack?: KeptStack; data?: KeptStack; mongoAnswered?: string },
  wanted: Resolved,
  upgradeHost: boolean,
): void {
  const { options, availabilityZone: was } = data?.outputs ?? {};
  const made = options as Pick<Resolved, "volumeSize"> | undefined;
  if (!made || wanted.mongoUri) return;
  if (wanted.volumeSize < made.volumeSize) {
    throw cliError("VOLUME_SHRINKS", { name, was: made.volumeSize, wanted: wanted.volumeSize });
  }
  if (typeof was === "string" && wanted.zone && wanted.zone !== was)
    throw cliError("VOLUME_STAYS", { name, was, wanted: wanted.zone });
  if (mongoAnswered) refuseVersion(name, mongoAnswered, wanted.mongoVersion);
  const host = stack && hostType(stack);
  if (host && !upgradeHost) refuseProcessor(name, host, wanted.instanceType);
}
