import type * as pulumi from "@pulumi/pulumi";
import type { LambdaFunctionArgs } from "./lambda-function";
import type { Settings } from "./settings";

/** What a function that may have the user's code in it is made with. `file` is that code. */
export function userCode(
  { edition }: Settings,
  file: string | undefined,
): Pick<LambdaFunctionArgs, "sourceMaps" | "edition"> {
  return { ...(file ? { sourceMaps: true } : {}), ...(edition ? { edition } : {}) };
}

/** The secrets of the user's code, for a function that may have it in it. */
export function codeSecrets({ codeSecrets }: Settings): Record<string, pulumi.Output<string>> {
  return codeSecrets ? { NAMI_CODE_SECRETS: codeSecrets } : {};
}
