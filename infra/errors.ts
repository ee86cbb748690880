import { type ErrorEntry, errorMaker } from "../runtime/coded-error";

/** What can be wrong with the options or the program, before anything is deployed. */
export const infraErrors = {
  HANDLER_MISSING: {
    exitCode: 2,
    message: "There is no file {path} for --{option}.",
    hint: "ls {path}",
  },
} as const satisfies Record<string, ErrorEntry>;

export const infraError = errorMaker(infraErrors);
