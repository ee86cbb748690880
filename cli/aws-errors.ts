import type { ErrorEntry } from "../runtime/coded-error";

/**
 * What AWS refuses, and what to do about it; `reason` is what it said. A part of the catalogue in errors.ts. What leads
 * to which of them stands in deployments/aws-faults.ts.
 */
export const awsErrors = {
  AWS_CREDENTIALS_MISSING: {
    exitCode: 1,
    message: "There are no AWS credentials that work: {reason}",
    hint: "aws configure",
  },
  AWS_CREDENTIALS_INVALID: {
    exitCode: 1,
    message: "AWS does not know these credentials, or not in this region: {reason}",
    hint: "aws sts get-caller-identity (AWS_PROFILE and AWS_ACCESS_KEY_ID say which ones are used)",
  },
  AWS_CREDENTIALS_EXPIRED: {
    exitCode: 1,
    message: "The AWS credentials have expired: {reason}",
    hint: "{command}",
  },
  AWS_PROFILE_UNKNOWN: {
    exitCode: 1,
    message: "There is no such AWS profile: {reason}",
    hint: "aws configure list-profiles",
  },
  AWS_CLOCK_WRONG: {
    exitCode: 1,
    message: "AWS takes only requests of this minute, and this machine's clock is off: {reason}",
    hint: "date -u (and set the clock: timedatectl set-ntp true)",
  },
  AWS_UNREACHABLE: {
    exitCode: 1,
    message: "AWS cannot be reached from here: {reason}",
    hint: "curl -sI {url} (behind a proxy: export HTTPS_PROXY=http://... NODE_USE_ENV_PROXY=1)",
  },
  ACCOUNT_CHANGED: {
    exitCode: 1,
    message:
      "{name} lives in the AWS account {was}; the credentials in use are those of {found} ({who}). Nothing was changed.",
    hint: "export AWS_PROFILE=<a profile of account {was}>",
  },
  AWS_REGION_UNKNOWN: {
    exitCode: 1,
    message: "AWS has no such region: {reason}",
    hint: "aws ec2 describe-regions --all-regions --query 'Regions[].RegionName'",
  },
  AWS_REGION_DISABLED: {
    exitCode: 1,
    message: "The region is not enabled for this account: {reason}",
    hint: "aws account enable-region --region-name <region> (takes minutes; aws account list-regions shows how far it is)",
  },
  AWS_ACTION_DENIED: {
    exitCode: 1,
    message: "{who} may not do {action} on {resource}. {why}",
    hint: "{command}",
  },
  AWS_ACTION_FORBIDDEN: {
    exitCode: 1,
    message:
      "A policy of the organization ({policy}) forbids {action} on {resource}: no policy of this account can allow it.",
    hint: "ask the organization's administrator, or use another account or region: aws organizations describe-organization",
  },
  AWS_KEY_DENIED: {
    exitCode: 1,
    message: "The encryption key refuses: {reason}",
    hint: "aws kms get-key-policy --policy-name default --key-id <key>",
  },
  AWS_QUOTA_REACHED: {
    exitCode: 1,
    message: "The account's quota of {what} is used up: {reason}",
    hint: "{command}",
  },
  AWS_CAPACITY_SHORT: {
    exitCode: 1,
    message: "AWS has no machine of this type free at the moment: {reason}",
    hint: "run the same command again in a few minutes",
  },
  AWS_NOT_OFFERED: {
    exitCode: 1,
    message: "AWS does not offer this machine there: {reason}",
    hint: "aws ec2 describe-instance-type-offerings --location-type availability-zone --filters Name=instance-type,Values=t4g.small",
  },
  DEFAULT_VPC_MISSING: {
    exitCode: 1,
    message: "This account has no default VPC in the region: {reason}",
    hint: "aws ec2 create-default-vpc",
  },
  AWS_THROTTLED: {
    exitCode: 1,
    message: "AWS wants fewer calls at a time from this account: {reason}",
    hint: "wait a minute, then run the same command again",
  },
  AWS_NAME_LEAVING: {
    exitCode: 1,
    message: "AWS is still deleting the one before of the same name: {reason}",
    hint: "wait a minute, then run the same command again",
  },
  AWS_NAME_TAKEN: {
    exitCode: 1,
    message: "The account has one of this name already, which this state knows nothing of: {reason}",
    hint: "use another name, or the state it was deployed with: nami up <name> --state URL",
  },
  AWS_STILL_IN_USE: {
    exitCode: 1,
    message: "AWS deletes nothing that is in use: {reason}",
    hint: "run the same command again (network interfaces of functions go within 45 minutes)",
  },
  PLUGIN_UNAVAILABLE: {
    exitCode: 1,
    message: "The engine's plugin {plugin} {version} is not here and cannot be downloaded: {reason}",
    hint:
      "one of two ways: (1) run it again where get.pulumi.com or github.com can be reached, perhaps with HTTPS_PROXY set; " +
      "(2) download pulumi-resource-{plugin}-{version} for this machine elsewhere, from " +
      "https://github.com/pulumi/pulumi-{plugin}/releases, and: PULUMI_HOME={home}/pulumi {engine} plugin install resource " +
      "{plugin} {version} --file pulumi-resource-{plugin}-{version}-<os>-<arch>.tar.gz",
  },
} as const satisfies Record<string, ErrorEntry>;
