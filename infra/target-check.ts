import * as aws from "@pulumi/aws";
import { infraError } from "./errors";
import type { Settings } from "./settings";

/** The account of every local target; AWS gives it to nobody. */
const LOCAL_ACCOUNT = "000000000000";

/**
 * A program's first act: a stack of the local target must never touch AWS, nor the reverse.
 * Throws TARGET_MISMATCH, which names both sides.
 */
export async function checkTarget({ name, target }: Pick<Settings, "name" | "target">): Promise<void> {
  const { accountId } = await aws.getCallerIdentity({});
  const found = accountId === LOCAL_ACCOUNT ? "local" : "aws";
  if (found === target) return;
  const whose = found === "local" ? "the local target" : `the AWS account ${accountId}`;
  throw infraError("TARGET_MISMATCH", { stack: name, target, found: whose });
}
