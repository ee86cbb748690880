import { AwsError } from "../local/host/aws-error";
import { controlRequest, startHost } from "../local/host/client";
import { installMongoEngine } from "../local/mongo/install";
import type { KeptStack, StateResource } from "./deployments-state";
import type { Io } from "./io";
import type { Progress } from "./progress";

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
  await startHost(home);
}

/** What the host must know: real resources, not components, providers or what the program only looked at. */
function isHosted({ type, id }: StateResource): boolean {
  return type.startsWith("aws:") && id !== undefined;
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

/** Whether the host lacks something that the stack's state says is there: its database was lost, or is another one. */
export async function isLost(home: string, stack: KeptStack): Promise<boolean> {
  const missing = await Promise.all(stack.resources.filter(isHosted).map((each) => isMissing(home, each)));
  return missing.includes(true);
}
