import { type ErrorEntry, errorMaker } from "../runtime/coded-error";

/** What can go wrong on the local target. Codes never change their meaning; texts may. */
export const localErrors = {
  PORT_TAKEN: {
    exitCode: 1,
    message: "{address} is taken by another program.",
    hint: "nami host start --listen 127.0.0.1:{free}",
  },
  HOST_DATABASE_CORRUPT: {
    exitCode: 1,
    message: "The host's database {file} is damaged: {reason}. Nothing was changed or deleted.",
    hint: "nami host stop && mv {file} {file}.damaged && nami up <name> --refresh",
  },
  HOST_DATABASE_UNAVAILABLE: {
    exitCode: 1,
    message: "The host's database {file} cannot be opened or written: {reason}.",
    hint: "chmod -R u+rwX {folder}",
  },
  HOST_NEWER: {
    exitCode: 1,
    message: "The host's database {file} has schema {version}; this version of Nami knows {schema}.",
    hint: "npm install -g @nami-webhooks/nami@latest",
  },
  HOST_SECRET_INVALID: {
    exitCode: 1,
    message: "{file} is not a secret of the host. Nothing was changed.",
    hint: "nami host stop && rm {file} && nami host start",
  },
  AWS_PORT_TAKEN: {
    exitCode: 1,
    message: "{address}, the address of the AWS-compatible endpoints, is taken by another program.",
    hint: "lsof -nP -iTCP:{port} -sTCP:LISTEN",
  },
} as const satisfies Record<string, ErrorEntry>;

export const localError = errorMaker(localErrors);
