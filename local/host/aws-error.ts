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
