/** What a person need not read of what the AWS provider, its bridge to Pulumi and the engine wrap around a text. */
const NOISE: readonly [RegExp, string][] = [
  // Engine: "pulumi:providers:aws resource 'default_7_48_0' has a problem: …"
  [/^[\w:/]+ resource '[^']*' has a problem: /, ""],
  // SDK: 'error serializing property "x": invocation of aws:ec2/getVpc:getVpc returned an error: invoking …: '
  [/^error serializing property "[^"]*": /, ""],
  [/^invocation of \S+ returned an error: /i, ""],
  [/^invoking \S+: /, ""],
  // Bridge: "sdk-v2/provider2.go:572: sdk.helper_schema: … : provider=aws@7.48.0"
  [/^\s*[\w./-]+\.go:\d+: (sdk\.\w+: )?/, ""],
  [/: provider=aws@[\d.]+\s*$/, ""],
  // hashicorp/go-multierror: "1 error occurred:\n\t* …"
  [/^\d+ errors? occurred:\s*\n?\s*\* /, ""],
  [/^error: /, ""],
];

/** A kilobyte of base64 for `aws sts decode-authorization-message`. */
const ENCODED = /(Encoded authorization failure message: )\S{12,}/;

/**
 * The text itself, whole: what is wrapped around it is taken off, what only a machine can read is shortened. Request ids
 * stay, for AWS's support asks for them.
 */
export function plainText(text: string): string {
  let plain = text.trim();
  for (let before = ""; before !== plain; ) {
    before = plain;
    for (const [noise, instead] of NOISE) plain = plain.replace(noise, instead).trim();
  }
  return plain.replace(ENCODED, "$1(see --verbose)").replace(/\n\s*\n+/g, "\n");
}

/** aws-sdk-go-v2 (smithy-go, errors.go): "operation error EC2: RunInstances, https response error StatusCode: 403, …". */
export interface SdkError {
  /** As IAM names it, e.g. "ec2:RunInstances". */
  action: string;
  requestId?: string;
  /** "Code: message". */
  said: string;
}

/** Where IAM's prefix is not the service's name in lower case without spaces. */
const PREFIXES: Record<string, string> = {
  apigatewayv2: "apigateway",
  cloudwatchlogs: "logs",
  resourcegroupstaggingapi: "tag",
};

export function sdkError(text: string): SdkError | undefined {
  const [, service, operation, rest] = /operation error ([\w ]+): (\w+), (.*)/s.exec(text) ?? [];
  if (!service) return undefined;
  const name = service.toLowerCase().replaceAll(" ", "");
  const said =
    /(?:api error |(?:HostID|RequestID): [^,]*, )([A-Z][\w.]*(?:: .*)?)$/s.exec(rest!)?.[1] ?? rest!;
  const requestId = /RequestID: ([^,\s]+)/.exec(rest!)?.[1];
  return {
    action: `${PREFIXES[name] ?? name}:${operation}`,
    requestId,
    said: said.replace(/^api error /, ""),
  };
}

/** The end of a text that matters: what the service itself said, and the request id. */
export function saidBy(text: string): string {
  const plain = plainText(text);
  const error = sdkError(plain);
  if (!error) return plain.split("\n")[0]!;
  return error.requestId ? `${error.said} (request ${error.requestId})` : error.said;
}
