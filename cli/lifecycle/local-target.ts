import { AwsError } from "../../local/host/aws-error";
import { controlRequest, findHost, startHost, stopHost } from "../../local/host/client";
import { installMongoEngine } from "../../local/mongo/install";
import type { KeptStack, StateResource } from "../deployments/state";
import type { Progress } from "../display/progress";
import type { Io } from "../io";
import { type Lock, otherHolders, waitForLock } from "../lock";

/** Everything a local deployment stands on: a Mongo server to run (unless one is given) and the host. */
export async function prepareLocalTarget(
  { home, io, ownMongo }: { home: string; io: Io; ownMongo: boolean },
  progress: Progress,
): Promise<void> {
  if (ownMongo) {
    await installMongoEngine({ home, env: io.env }, { step: (text) => progress.step(text) });
    io.signal.throwIfAborted();
  }
  progress.step("starting the local host, unless it runs");
  await startLocalHost(home, io);
}

const HOST_WAIT_SECONDS = 120;

/** One starts or stops the host at a time: a `down` must not stop it under an `up` that has just found it running. */
function hostLock(home: string, io: Io): Promise<Lock> {
  const request = { home, name: "nami.host", command: "host", now: io.now };
  return waitForLock(request, { seconds: HOST_WAIT_SECONDS, signal: io.signal, onWait: () => {} });
}

/** Starts the host unless it runs. Throws what local/host/start.ts does. */
export async function startLocalHost(home: string, io: Io): Promise<void> {
  const lock = await hostLock(home, io);
  try {
    await startHost(home);
  } finally {
    lock.release();
  }
}

/**
 * Stops the host when nothing is deployed on it and nobody else is about to: whoever works on a name holds that
 * name's lock before asking for the host. Answers whether it was stopped.
 */
export async function stopIdleHost(home: string, name: string, io: Io): Promise<boolean> {
  const lock = await hostLock(home, io);
  try {
    const status = await findHost(home);
    if (!status || Object.keys(status.functions).length > 0 || otherHolders(home, name)) return false;
    await stopHost(home);
    return true;
  } finally {
    lock.release();
  }
}

/** What the host must know: real resources, not components, providers or what the program only looked at. */
function isHosted({ type, id, pendingReplacement }: StateResource): boolean {
  return type.startsWith("aws:") && id !== undefined && !pendingReplacement;
}

async function isMissing(home: string, { urn, type, id }: StateResource): Promise<boolean> {
  try {
    await controlRequest(home, "/resources/read", { urn, type, id });
    return false;
  } catch (error) {
    if (error instanceof AwsError && error.httpStatus === 404) return true;
    throw error;
  }
}

/** Has the host know again what its lost database had: a resource as the stack's state has it, secrets revealed. */
export async function giveBack(home: string, resources: readonly StateResource[]): Promise<void> {
  for (const { urn, type, id, inputs = {}, outputs = {} } of resources.filter(isHosted)) {
    await controlRequest(home, "/resources/adopt", { urn, type, id, inputs, outputs });
  }
}

/** Whether the host lacks something that the stack's state says is there: its database was lost, or is another one. */
export async function isLost(home: string, stack: KeptStack): Promise<boolean> {
  const missing = await Promise.all(stack.resources.filter(isHosted).map((each) => isMissing(home, each)));
  return missing.includes(true);
}
