import { type ErrorEntry, errorMaker } from "../runtime/coded-error";

/** What can go wrong on the local target. Codes never change their meaning; texts may. */
export const localErrors = {
  PORT_TAKEN: {
    exitCode: 1,
    message: "{address} is taken by another program.",
    hint: "nami host start --listen 127.0.0.1:{free}",
  },
} as const satisfies Record<string, ErrorEntry>;

export const localError = errorMaker(localErrors);
