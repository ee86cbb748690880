/** A quota as AWS's Service Quotas has it. https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html */
interface Quota {
  pattern: RegExp;
  /** Of what there may be no more. */
  what: string;
  service: string;
  /** Its code; absent: not known here, so that the service's quotas are listed. */
  quota?: string;
}

export const quotas: readonly Quota[] = [
  { pattern: /\bVpcLimitExceeded\b/, what: "VPCs in a region", service: "vpc", quota: "L-F678F1CE" },
  { pattern: /\bAddressLimitExceeded\b/, what: "Elastic IP addresses", service: "ec2", quota: "L-0263D0A3" },
  {
    pattern: /\bInternetGatewayLimitExceeded\b/,
    what: "internet gateways in a region",
    service: "vpc",
    quota: "L-A4707A72",
  },
  {
    pattern: /\bNatGatewayLimitExceeded\b/,
    what: "NAT gateways in a zone",
    service: "vpc",
    quota: "L-FE5A380F",
  },
  {
    pattern: /\bSecurityGroupLimitExceeded\b/,
    what: "security groups in a region",
    service: "vpc",
    quota: "L-E79EC296",
  },
  {
    pattern: /\bVcpuLimitExceeded\b/,
    what: "vCPUs of on-demand Standard instances",
    service: "ec2",
    quota: "L-1216C47A",
  },
  {
    pattern: /UnreservedConcurrentExecution below its minimum|\bConcurrentInvocationLimitExceeded\b/,
    what: "concurrent executions of Lambda (10 in a new account)",
    service: "lambda",
    quota: "L-B99A9384",
  },
  {
    pattern: /\bCodeStorageExceededException\b/,
    what: "Lambda code storage",
    service: "lambda",
    quota: "L-2ACBD22F",
  },
  {
    pattern: /Maximum number of Routes for this API has been reached/,
    what: "routes of an HTTP API (each name has one)",
    service: "apigateway",
  },
  {
    pattern: /Cannot exceed quota for RolesPerAccount/,
    what: "IAM roles",
    service: "iam",
    quota: "L-FE177D64",
  },
];

/** Other quotas say so too, each in its way. */
const ANY =
  /\b\w*(LimitExceeded(Exception)?|QuotaExceeded(Exception)?)\b|Maximum number of (\w+)[^.]* has been reached/;
/** These speak of calls a second. */
const RATES = /\b(RequestLimitExceeded|ThrottlingLimitExceeded)\b/;

function commandFor({ service, quota }: Quota): string {
  return quota
    ? `aws service-quotas request-service-quota-increase --service-code ${service} --quota-code ${quota} --desired-value <N>`
    : `aws service-quotas list-service-quotas --service-code ${service}`;
}

/** Which quota a text says is used up; undefined when none is. */
export function quotaIn(text: string): { what: string; command: string } | undefined {
  const known = quotas.find(({ pattern }) => pattern.test(text));
  if (known) return { what: known.what, command: commandFor(known) };
  const any = RATES.test(text) ? undefined : ANY.exec(text);
  if (!any) return undefined;
  return { what: any[4] ?? "this kind of thing", command: "aws service-quotas list-services" };
}
