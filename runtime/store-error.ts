import { MongoAPIError, MongoError, MongoParseError, MongoServerError } from "mongodb";
import { reasonOf } from "./log";

/** The store did not do what it was asked; the message names the host and never a password. */
export class StoreError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = "StoreError";
  }
}

/** `host:port[,host:port]` of a connection string, without credentials and options. */
export function hostsOf(uri: string): string {
  const authority = /^mongodb(?:\+srv)?:\/\/([^/?]*)/.exec(uri)?.[1] ?? "";
  return authority.slice(authority.lastIndexOf("@") + 1) || "an unknown host";
}

/** The password in a connection string, as it is written there and as it is. */
export function passwordsOf(uri: string): string[] {
  const written = /^mongodb(?:\+srv)?:\/\/[^@/]*?:(.*)@/.exec(uri)?.[1];
  if (!written) return [];
  try {
    return [...new Set([written, decodeURIComponent(written)])];
  } catch {
    return [written];
  }
}

const AUTHENTICATION_FAILED = 18;
const UNAUTHORIZED = 13;

/** What the driver threw, in one sentence for an operator. Errors of other origin keep their text. */
export function storeError(uri: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const reason = withoutCredentials(reasonOf(error), uri);
  const verdict = verdictOn(error);
  return new StoreError(verdict ? `MongoDB at ${hostsOf(uri)} ${verdict}: ${reason}` : reason, {
    cause: error,
  });
}

function verdictOn(error: unknown): string | undefined {
  if (!(error instanceof MongoError)) return undefined;
  if (error instanceof MongoParseError || error instanceof MongoAPIError) return "cannot be used";
  // A MongoBulkWriteError around a broken connection is a server error without a code.
  if (!(error instanceof MongoServerError) || error.code === undefined) return "did not answer";
  const refused = error.code === AUTHENTICATION_FAILED || error.code === UNAUTHORIZED;
  return refused ? "refused the login" : "answered with an error";
}

/** A parse error of the driver may quote the connection string. */
function withoutCredentials(text: string, uri: string): string {
  const secret = /^mongodb(?:\+srv)?:\/\/(.*)@/.exec(uri)?.[1];
  const bare = secret ? text.replaceAll(secret, "***") : text;
  return bare.replace(/(mongodb(?:\+srv)?:\/\/)[^\s]*@/g, "$1***@");
}
