import { cliError } from "../../errors";
import { shellQuote } from "../../operate/shell-quote";
import type { S3Place } from "./s3-url";

interface SdkError extends Error {
  code?: string;
  Region?: string;
  $response?: { headers?: Record<string, string> };
}

const NO_CREDENTIALS = /^CredentialsProviderError$/;
/** The bucket is there, elsewhere: S3 names the region in a header, or in the body. */
const ELSEWHERE = /^(PermanentRedirect|AuthorizationHeaderMalformed|301|MovedPermanently)$/;

/** The region a bucket is in, where S3 told it. */
function rightRegion(error: SdkError): string | undefined {
  return error.$response?.headers?.["x-amz-bucket-region"] ?? error.Region;
}

/** The command that names the region, where that is what is wrong. */
function regionCommand(error: SdkError, state: string): string | undefined {
  const right = ELSEWHERE.test(error.name) ? rightRegion(error) : undefined;
  const region = right ?? (error.message === "Region is missing" ? "REGION" : undefined);
  if (!region) return undefined;
  const url = new URL(state);
  url.searchParams.set("region", region);
  return `export NAMI_STATE=${shellQuote(decodeURIComponent(url.href))}`;
}

/** What a person can run to see the same of AWS without Nami. */
function awsCommand({ bucket, prefix, client }: S3Place): string {
  const { region, endpoint, profile } = client;
  const flags = Object.entries({ region, "endpoint-url": endpoint, profile }).filter(([, value]) => value);
  return [
    "aws s3 ls",
    shellQuote(`s3://${bucket}/${prefix}`),
    ...flags.map(([flag, value]) => `--${flag} ${value}`),
  ].join(" ");
}

/** What the S3 client threw → an error for people, with AWS's own reason. */
export function s3Error(error: unknown, state: string, place: S3Place): Error {
  const { name, message, code } = error as SdkError;
  if (NO_CREDENTIALS.test(name)) return cliError("AWS_CREDENTIALS_MISSING", { reason: message }, error);
  const reason = message && message !== "UnknownError" ? message : (code ?? name);
  const told = /^(Error|TimeoutError)$/.test(name) ? reason : `${name}: ${reason}`;
  const check = regionCommand(error as SdkError, state) ?? awsCommand(place);
  return cliError("STATE_UNREACHABLE", { state, reason: told, check }, error);
}
