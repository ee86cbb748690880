import type { LambdaFunctionArgs } from "./lambda-function";
import type { Settings } from "./settings";

/** What a function that may have the user's code in it is made with. `file` is that code. */
export function userCode(
  { edition }: Settings,
  file: string | undefined,
): Pick<LambdaFunctionArgs, "sourceMaps" | "edition"> {
  return { ...(file ? { sourceMaps: true } : {}), ...(edition ? { edition } : {}) };
}
