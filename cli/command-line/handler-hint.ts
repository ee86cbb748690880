import { CodedError } from "../../runtime/coded-error";

/** What is wrong with the user's code, with another hint than the catalogue's; any other error as it is. */
export function withHandlerHint(error: unknown, hintOf: (hint: string) => string): unknown {
  if (!(error instanceof CodedError) || !error.code.startsWith("HANDLER_")) return error;
  const { code, message, hint, exitCode, cause } = error;
  return new CodedError(code, message, hintOf(hint), exitCode, { cause });
}
