import * as pulumi from "@pulumi/pulumi";
import { infraError } from "./errors";

/** AWS Lambda's limit for all variables of a function, names and values, in bytes. */
const LIMIT = 4096;

/** Variables of one function, checked as soon as all their values are known. Throws ENVIRONMENT_TOO_LARGE. */
export function environment(
  functionName: string,
  variables: Record<string, pulumi.Input<string>>,
): pulumi.Output<Record<string, string>> {
  return pulumi
    .output(variables)
    .apply((known) => checkedSize(functionName, known as Record<string, string>));
}

function checkedSize(functionName: string, variables: Record<string, string>): Record<string, string> {
  const sizes = Object.entries(variables).map(([name, value]) => ({
    name,
    bytes: Buffer.byteLength(name + value),
  }));
  const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
  if (bytes <= LIMIT) return variables;
  const longest = sizes.sort((a, b) => b.bytes - a.bytes)[0]!.name;
  throw infraError("ENVIRONMENT_TOO_LARGE", { functionName, bytes, longest });
}
