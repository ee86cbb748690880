import { LOCAL_ACCOUNT } from "../../protocol";
import { AwsError } from "../aws-error";
import { checkPolicy, evaluateFor } from "../iam/policy";
import type { PolicyDocument, Publisher } from "../services";

/** What a topic's policy may speak of. SNS refuses the rest, wildcards with it. */
const ACTIONS = new Set(
  [
    "AddPermission",
    "DeleteTopic",
    "GetDataProtectionPolicy",
    "GetTopicAttributes",
    "ListSubscriptionsByTopic",
    "ListTagsForResource",
    "Publish",
    "PutDataProtectionPolicy",
    "Receive",
    "RemovePermission",
    "SetTopicAttributes",
    "Subscribe",
    "TagResource",
    "UntagResource",
  ].map((name) => `sns:${name}`.toLowerCase()),
);

function invalid(why: string): AwsError {
  return new AwsError("InvalidParameter", `Invalid parameter: ${why}`);
}

/** Throws AwsError InvalidParameter for what SNS refuses, and for what this host would not evaluate as SNS does. */
export function checkTopicPolicy(arn: string, policy: PolicyDocument): void {
  try {
    checkPolicy(policy, `The policy of ${arn}`, "resource");
  } catch (error) {
    throw error instanceof AwsError ? invalid(`Policy Error: ${error.message}`) : error;
  }
  for (const { Action } of [policy.Statement].flat()) {
    if ([Action].flat().some((action) => !ACTIONS.has(action.toLowerCase()))) {
      throw invalid("Policy statement action out of service scope!");
    }
  }
}

/** The policy of a topic that has none of its own: all actions, for whatever belongs to the topic's account. */
function defaultPolicy(arn: string): PolicyDocument {
  const statement = {
    Effect: "Allow" as const,
    Principal: { AWS: "*" },
    Action: "SNS:Publish",
    Resource: arn,
    Condition: { StringEquals: { "AWS:SourceOwner": LOCAL_ACCOUNT } },
  };
  return { Statement: [statement] };
}

/** Throws AwsError AuthorizationError, in the words that an alarm's history has for it. */
export function authorizePublish(
  arn: string,
  policy: PolicyDocument | undefined,
  publisher: Publisher,
): void {
  const { service, sourceArn } = publisher;
  const account = sourceArn.split(":")[4]!;
  const context = {
    "aws:SourceArn": sourceArn,
    "aws:SourceAccount": account,
    "aws:SourceOwner": account,
    "aws:SecureTransport": "true",
  };
  const question = { action: "sns:Publish", resource: arn, context };
  if (evaluateFor(service, policy ?? defaultPolicy(arn), question) === "allow") return;
  throw new AwsError(
    "AuthorizationError",
    `Resource: ${sourceArn} is not authorized to perform: SNS:Publish on resource: ${arn}`,
    403,
  );
}
