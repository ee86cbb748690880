import { CodedError } from "../../runtime/coded-error";
import { recognised } from "../deployments/aws-faults";
import { cliError } from "../errors";

/** What SQS and Lambda say of what is not there. */
const GONE = /^(ResourceNotFoundException|QueueDoesNotExist|AWS\.SimpleQueueService\.NonExistentQueue)$/;
const NO_CREDENTIALS = /^CredentialsProviderError$/;

/** What the SDK threw → an error for people. Our own and a cancelled wait pass unchanged. */
export function operatingError(error: unknown, { name, target }: { name: string; target: string }): unknown {
  if (error instanceof CodedError || !(error instanceof Error) || error.name === "AbortError") return error;
  if (GONE.test(error.name)) {
    const place = target === "local" ? "the host of this machine" : "AWS";
    return cliError("PARTS_MISSING", { name, place, reason: error.message }, error);
  }
  if (NO_CREDENTIALS.test(error.name))
    return cliError("AWS_CREDENTIALS_MISSING", { reason: error.message }, error);
  const known = target === "aws" ? recognised(`${error.name}: ${error.message}`) : undefined;
  if (known) return known;
  const reason = error.message || (error as NodeJS.ErrnoException).code || error.name;
  return cliError("ASKING_FAILED", { name, reason: `${error.name}: ${reason}` }, error);
}
