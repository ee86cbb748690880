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
    hint: "mkdir {folder}/damaged && mv {file}* {folder}/damaged && nami up <name>",
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
  MONGO_NOT_FOUND: {
    exitCode: 1,
    message: "No Mongo server could be found or installed. Tried:\n{tried}",
    hint: "Put mongod 4.4 or newer on the PATH, or give a server of your own: nami up <name> --mongo-uri env:MONGO_URI",
  },
  MONGO_DID_NOT_START: {
    exitCode: 1,
    message: "{engine} ended before it answered. Its log: {log}",
    hint: "tail {log}",
  },
  MONGO_PORT_TAKEN: {
    exitCode: 1,
    message: "Port {port}, which this Mongo server is to use, is taken by another program.",
    hint: "Stop that program (lsof -i :{port}), or choose another port: nami up <name> --mongo-port <port>",
  },
  MONGO_WAY_UNKNOWN: {
    exitCode: 2,
    message: "NAMI_MONGO is {way}; it may be mongod, download or secantusdb.",
    hint: "unset NAMI_MONGO",
  },
  HOST_NOT_RUNNING: {
    exitCode: 1,
    message: "Nami's host is not running in {home}.",
    hint: "nami host start",
  },
  HOST_DID_NOT_START: {
    exitCode: 1,
    message: "Nami's host did not start: {reason}",
    hint: "tail -n 50 {log}",
  },
  HOST_DID_NOT_STOP: {
    exitCode: 1,
    message: "Nami's host (process {pid}) was asked to stop and still runs after {seconds} s.",
    hint: "kill -9 {pid}",
  },
  HOST_ALREADY_RUNNING: {
    exitCode: 1,
    message: "Another host already works in {home}.",
    hint: "nami host status",
  },
  HOST_LISTENS_ELSEWHERE: {
    exitCode: 1,
    message: "The running host has {now}; {wanted} takes a restart.",
    hint: "nami host stop && nami host start {flags}",
  },
  HOST_VERSION_NEWER: {
    exitCode: 1,
    message: "The running host is of Nami {running}; this is Nami {own}, which is older.",
    hint: "npm install -g @nami-webhooks/nami@{running}",
  },
  HOST_FOLDER_UNWRITABLE: {
    exitCode: 1,
    message: "{folder} cannot be written: {reason}.",
    hint: "chmod -R u+rwX {folder}",
  },
  HOST_SETTINGS_INVALID: {
    exitCode: 1,
    message: "{file} cannot be read: {reason}. Nothing was changed.",
    hint: "rm {file} && nami host start",
  },
  REHEARSAL_INVALID: {
    exitCode: 2,
    message: "NAMI_REHEARSAL cannot be read: {reason}.",
    hint: "unset NAMI_REHEARSAL",
  },
  LISTEN_INVALID: {
    exitCode: 2,
    message: '"{address}" is not an address to listen on.',
    hint: "nami host start --listen 127.0.0.1:6264",
  },
} as const satisfies Record<string, ErrorEntry>;

export const localError = errorMaker(localErrors);
