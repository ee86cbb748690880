import { MongoAPIError, MongoBulkWriteError, MongoError, MongoParseError, MongoServerError } from "mongodb";

/**
 * Errors that say nothing about the document: the same write may be taken in a moment, or elsewhere.
 * https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml
 */
const PASSING = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  24, // LockTimeout
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  89, // NetworkTimeout
  91, // ShutdownInProgress
  112, // WriteConflict
  189, // PrimarySteppedDown
  262, // ExceededTimeLimit
  9001, // SocketException
  10107, // NotWritablePrimary
  11600, // InterruptedAtShutdown
  11601, // Interrupted
  11602, // InterruptedDueToReplStateChange
  13435, // NotPrimaryNoSecondaryOk
  13436, // NotPrimaryOrSecondary
  14031, // OutOfDiskSpace
]);

export function isPassingCode(code: number | string | undefined): boolean {
  return typeof code === "number" && PASSING.has(code);
}

/** Whether the same call may work in a moment. A refused login and an unusable connection string do not pass. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof MongoError)) {
    const { cause } = (error ?? {}) as { cause?: unknown };
    return cause !== undefined && isPassing(cause);
  }
  if (error instanceof MongoParseError || error instanceof MongoAPIError) return false;
  // Only one of which it is not known what was stored gets this far.
  if (error instanceof MongoBulkWriteError) return true;
  return !(error instanceof MongoServerError) || error.code === undefined || isPassingCode(error.code);
}
