import { cliError } from "../errors";

/**
 * Whether the ordinary chain of AWS's SDK finds credentials; nobody is asked whether they are right.
 * Throws AWS_CREDENTIALS_MISSING, within seconds also where there is no instance metadata to ask.
 */
export async function checkCredentials(region: string): Promise<void> {
  const { LambdaClient } = await import("@aws-sdk/client-lambda");
  const client = new LambdaClient({ region });
  try {
    await client.config.credentials();
  } catch (error) {
    throw cliError("AWS_CREDENTIALS_MISSING", { reason: (error as Error).message }, error);
  } finally {
    client.destroy();
  }
}
