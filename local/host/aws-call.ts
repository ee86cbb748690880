import type { AwsError } from "./aws-error";
import type { Identity } from "./services";

/** An authenticated request to one of the AWS-compatible endpoints. */
export interface AwsCall {
  /** The service its signature names: "sqs", "lambda", "s3", "ssm", "logs", "sts". */
  service: string;
  region: string;
  identity: Identity;
  method: string;
  /** Path with query, as sent. */
  url: string;
  /** Lower-cased names. */
  headers: Record<string, string | undefined>;
  body: Buffer;
  /** Aborted when the caller hangs up, and when the host stops. */
  signal: AbortSignal;
}

export interface AwsReply {
  status: number;
  headers?: Record<string, string>;
  body: string | Buffer;
}

/** What it throws as AwsError is told to the caller; anything else is a 500 InternalFailure. */
export type AwsHandler = (call: AwsCall) => Promise<AwsReply>;

/** How a service words its errors. */
export type ErrorFormat = (error: AwsError, requestId: string) => AwsReply;

/** AWS's JSON protocols: Lambda, SSM, CloudWatch Logs. */
export function jsonError(error: AwsError): AwsReply {
  // These services call the same refusal by another name than SQS, S3 and STS do.
  const type = error.code === "AccessDenied" ? "AccessDeniedException" : error.code;
  return {
    status: error.httpStatus,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": type },
    body: JSON.stringify({ __type: type, message: error.message }),
  };
}
