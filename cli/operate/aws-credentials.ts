import { type KeptStack, livesIn } from "../deployments/state";
import { cliError } from "../errors";
import { type CallerIdentity, callerIdentity } from "./caller-identity";
import type { AwsPlace } from "./signed-call";

function called({ project, stack }: KeptStack): string {
  return project === "nami-gateway" ? `the shared gateway ${stack}` : stack;
}

/**
 * Whether the credentials work, and are those of the account that the stacks were deployed to. Before the engine, which
 * would look for everything in the wrong account and make it there anew. Throws ACCOUNT_CHANGED and what
 * `callerIdentity` does.
 */
export async function checkAccount(
  place: AwsPlace,
  stacks: readonly (KeptStack | undefined)[],
): Promise<CallerIdentity> {
  const identity = await callerIdentity(place);
  for (const stack of stacks) {
    const was = stack && livesIn(stack).account;
    if (was === undefined || was === identity.account) continue;
    const { account: found, arn: who } = identity;
    throw cliError("ACCOUNT_CHANGED", { name: called(stack!), was, found, who });
  }
  return identity;
}
