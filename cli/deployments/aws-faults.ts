import type { CodedError } from "../../runtime/coded-error";
import type { awsErrors } from "../aws-errors";
import { cliError } from "../errors";
import { type Denial, denialIn } from "./denials";
import { plainText, saidBy } from "./provider-text";
import { quotaIn } from "./quotas";

type Code = keyof typeof awsErrors;

/** One thing AWS, its provider or the engine says. */
export interface AwsFault {
  pattern: RegExp;
  code: Code;
  /** Placeholders of the message and the hint, beside `reason`. */
  fields?(match: RegExpExecArray): Record<string, string>;
  /** Where the words come from: a file of terraform-provider-aws unless it says otherwise, or AWS's documentation. */
  source: string;
}

const EC2_CODES = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html";
const PULUMI = "pulumi-aws provider/credentials_errors.go";

const refresh = () => ({
  command: "aws sso login, or export new AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN",
});

/** In this order: the first that fits is meant. What is denied and what is used up has tables of its own. */
export const awsFaults: readonly AwsFault[] = [
  {
    pattern: /resource plugin '?pulumi-resource-([\w-]+)'? at version (v[\d.]+)/,
    code: "PLUGIN_UNAVAILABLE",
    // The cause stands in the engine's warnings, which follow the error here.
    fields: ({ 1: plugin, 2: version, input }) => ({
      ...{ plugin: plugin!, version: version! },
      reason: /Get "[^"]+": (.+)/.exec(input)?.[1] ?? input.split(": ").slice(-2).join(": "),
    }),
    source: "pulumi pkg/v3.259.0, resource/plugin: seen with no network",
  },
  {
    pattern: /Run `(aws (?:sso )?login[^`]*)` to sign in again/,
    code: "AWS_CREDENTIALS_EXPIRED",
    fields: ([, command]) => ({ command: command! }),
    source: PULUMI,
  },
  {
    pattern:
      /SSO session .*(expired|not found)|refresh cached SSO token failed|SSO session associated with this profile has expired/,
    code: "AWS_CREDENTIALS_EXPIRED",
    fields: () => ({ command: "aws sso login" }),
    source: "aws-sdk-go-v2 credentials/ssocreds; @aws-sdk/token-providers fromSso",
  },
  {
    pattern:
      /The AWS profile "[^"]*" was not found|failed to get shared config profile|Could not resolve credentials using profile/,
    code: "AWS_PROFILE_UNKNOWN",
    source: `${PULUMI}; @aws-sdk/credential-provider-ini`,
  },
  {
    pattern:
      /No valid credential sources? found|no EC2 IMDS role found|Could not load credentials from any providers/,
    code: "AWS_CREDENTIALS_MISSING",
    source: `${PULUMI}; @aws-sdk/credential-provider-node`,
  },
  {
    pattern:
      /\bExpiredToken(Exception)?\b|security token included in the request is expired|\bTokenRefreshRequired\b/,
    code: "AWS_CREDENTIALS_EXPIRED",
    fields: refresh,
    source: "https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html",
  },
  {
    pattern: /credentials are invalid or have expired/,
    code: "AWS_CREDENTIALS_INVALID",
    source: PULUMI,
  },
  {
    pattern: /\bRequestExpired\b|\bRequestTimeTooSkewed\b|Signature (expired|not yet current)/,
    code: "AWS_CLOCK_WRONG",
    source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html",
  },
  {
    pattern: /\bOptInRequired\b|AWS was not able to validate the provided access credentials/,
    code: "AWS_REGION_DISABLED",
    source: `${EC2_CODES}: AuthFailure and OptInRequired`,
  },
  {
    pattern:
      /\b(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException)\b|Invalid credentials configured/,
    code: "AWS_CREDENTIALS_INVALID",
    source: "https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html; pulumi-aws#3310",
  },
  {
    pattern: /[Ii]nvalid AWS Region:? ?\S*|[Mm]issing [Rr]egion/,
    code: "AWS_REGION_UNKNOWN",
    source: "hashicorp/aws-sdk-go-base validation.go; pulumi-aws#3310",
  },
  {
    pattern:
      /KMSAccessDeniedException|KMS access was denied|kms:\w+ on|KMSInvalidStateException|KMS key is invalid/,
    code: "AWS_KEY_DENIED",
    source:
      "https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html; internal/service/lambda/function.go",
  },
  {
    pattern: /\bInsufficientInstanceCapacity\b|do not have sufficient \S+ capacity/,
    code: "AWS_CAPACITY_SHORT",
    source: EC2_CODES,
  },
  {
    pattern: /requested instance type \(\S+\) is not supported in your requested Availability Zone/,
    code: "AWS_NOT_OFFERED",
    source: `${EC2_CODES}: Unsupported`,
  },
  {
    pattern: /\bVPCIdNotSpecified\b|[Nn]o default VPC|unable to find default VPC|no matching EC2 VPC found/,
    code: "DEFAULT_VPC_MISSING",
    source: "internal/service/ec2/vpc_data_source.go; pulumi-awsx awsx/ec2/getDefaultVpc.ts",
  },
  {
    pattern: /\bQueueDeletedRecently\b|must wait 60 seconds after deleting a queue/,
    code: "AWS_NAME_LEAVING",
    source: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html",
  },
  {
    pattern:
      /\b(EntityAlreadyExists|ResourceAlreadyExistsException|QueueNameExists|QueueAlreadyExists|ParameterAlreadyExists|InvalidGroup\.Duplicate|BucketAlreadyExists|BucketAlreadyOwnedByYou)\b|Function already exist|Route with key .* already exists/,
    code: "AWS_NAME_TAKEN",
    source: "the services' API references, by these names",
  },
  {
    pattern: /\bDependencyViolation\b|\bDeleteConflict\b|\bVolumeInUse\b|has a dependent object/,
    code: "AWS_STILL_IN_USE",
    source: "internal/service/ec2/vpc_security_group.go; internal/service/iam/role.go",
  },
  {
    pattern:
      /no such host|ENOTFOUND|EAI_AGAIN|i\/o timeout|connection refused|ECONNREFUSED|ETIMEDOUT|network is unreachable|ENETUNREACH/,
    code: "AWS_UNREACHABLE",
    fields: () => ({ url: "https://sts.amazonaws.com" }),
    source: "the Go and Node run-times",
  },
  {
    pattern:
      /\bThrottling(Exception)?\b|\bRequestLimitExceeded\b|\bTooManyRequestsException\b|Rate exceeded|exceeded maximum number of attempts/,
    code: "AWS_THROTTLED",
    source: "aws-sdk-go-v2 aws/retry/standard.go",
  },
];

function denied(denial: Denial): CodedError {
  const { policy, why, command, who, action, resource } = denial;
  return policy
    ? cliError("AWS_ACTION_FORBIDDEN", { policy, action, resource })
    : cliError("AWS_ACTION_DENIED", { who, action, resource, why, command });
}

/**
 * What a text of the AWS provider, of AWS itself or of the engine means, if it is one of those that are known.
 * `place` fills the placeholders that say where something is on this machine.
 */
export function recognised(text: string, place: Record<string, string> = {}): CodedError | undefined {
  const plain = plainText(text);
  const reason = saidBy(text);
  const quota = quotaIn(plain);
  if (quota) return cliError("AWS_QUOTA_REACHED", { ...quota, reason });
  for (const { pattern, code, fields } of awsFaults) {
    const match = pattern.exec(plain);
    if (match) return cliError(code, { ...place, reason, ...fields?.(match) });
  }
  const denial = denialIn(plain);
  return denial && denied(denial);
}
