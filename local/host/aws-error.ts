/** Lambda cannot run a function now, through no fault of the function: the same call may work in a moment. */
const CANNOT_RUN_NOW = ["TooManyRequestsException", "ServiceException"];

export function cannotRunNow(error: unknown): boolean {
  return error instanceof AwsError && CANNOT_RUN_NOW.includes(error.code);
}

/** An error of the AWS API: what the SDKs and the engine are told. */
export class AwsError extends Error {
  constructor(
    /** AWS's exception name, e.g. "AccessDeniedException". */
    readonly code: string,
    message: string,
    readonly httpStatus = 400,
  ) {
    super(message);
    this.name = code;
  }
}
