import { CodedError } from "../../runtime/coded-error";
import { recognised } from "../deployments/aws-faults";
import { cliError } from "../errors";
import { type AwsPlace, AwsRefusal, type AwsRequest, endpointOf, signedCall } from "./signed-call";

/** Who AWS takes us for. */
export interface CallerIdentity {
  /** Twelve digits. */
  account: string;
  arn: string;
}

const REQUEST: AwsRequest = {
  service: "sts",
  id: "STS",
  method: "POST",
  path: "/",
  headers: { "Content-Type": "application/x-www-form-urlencoded; charset=utf-8" },
  body: "Action=GetCallerIdentity&Version=2011-06-15",
};

/** What the SDK's chain, `fetch` or STS threw → an error for people. */
function identityError(error: unknown, place: AwsPlace): unknown {
  if (error instanceof CodedError || !(error instanceof Error) || error.name === "AbortError") return error;
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  const url = endpointOf(place, REQUEST);
  if (cause?.code || error.name === "TimeoutError") {
    const reason = cause?.message ?? `no answer from ${url}`;
    return cliError("AWS_UNREACHABLE", { reason, url }, error);
  }
  const known = recognised(message, { url });
  if (known) return known;
  if (error instanceof AwsRefusal) return cliError("AWS_CREDENTIALS_INVALID", { reason: message }, error);
  return cliError("AWS_CREDENTIALS_MISSING", { reason: message }, error);
}

/**
 * Asks STS, which every identity may do, so that what is wrong with credentials is told before anything is begun.
 * Throws AWS_CREDENTIALS_MISSING, AWS_CREDENTIALS_INVALID, AWS_CREDENTIALS_EXPIRED, AWS_PROFILE_UNKNOWN, AWS_CLOCK_WRONG,
 * AWS_UNREACHABLE.
 */
export async function callerIdentity(place: AwsPlace): Promise<CallerIdentity> {
  try {
    const text = await signedCall(place, REQUEST);
    const [account, arn] = ["Account", "Arn"].map((tag) => new RegExp(`<${tag}>([^<]+)<`).exec(text)?.[1]);
    return { account: account!, arn: arn! };
  } catch (error) {
    throw identityError(error, place);
  }
}
