import * as aws from "@pulumi/aws";
import { infraError } from "./errors";
import type { Settings } from "./settings";

/** The account of every local target; AWS gives it to nobody. */
const LOCAL_ACCOUNT = "000000000000";

/**
 * A program's first act: a stack of the local target must never touch AWS, nor the reverse, nor another account than the
 * one it is deployed in. Throws TARGET_MISMATCH, which names both sides.
 */
export async function checkTarget({
  name,
  target,
  account,
}: Pick<Settings, "name" | "target" | "account">): Promise<{ accountId: string }> {
  const { accountId } = await aws.getCallerIdentity({});
  const found = accountId === LOCAL_ACCOUNT ? "local" : "aws";
  if (found === target && (account ?? accountId) === accountId) return { accountId };
  const whose = found === "local" ? "the local target" : `the AWS account ${accountId}`;
  const wanted = account ? `the ${target} account ${account}` : `the target ${target}`;
  throw infraError("TARGET_MISMATCH", { stack: name, wanted, found: whose });
}
