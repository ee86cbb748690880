import type { Credentials, FunctionSpec } from "../services";

export interface SandboxPlace {
  credentials: Credentials;
  /** http://127.0.0.1:PORT of the AWS-compatible endpoints. */
  awsUrl: string;
  logStream: string;
}

/**
 * Everything a function finds in its environment on AWS, and nothing of this machine's: a handler that works only
 * with a variable of the developer's shell must fail here too.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function sandboxEnvironment(spec: FunctionSpec, place: SandboxPlace): Record<string, string> {
  const { credentials, awsUrl, logStream } = place;
  return {
    LANG: "en_US.UTF-8",
    PATH: "/usr/local/bin:/usr/bin:/bin",
    TZ: ":UTC",
    // The function's variables may replace the ones above, never the reserved ones below.
    ...spec.environment,
    AWS_REGION: spec.region,
    AWS_DEFAULT_REGION: spec.region,
    AWS_ENDPOINT_URL: awsUrl,
    AWS_ENDPOINT_URL_SQS: awsUrl,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...(credentials.sessionToken ? { AWS_SESSION_TOKEN: credentials.sessionToken } : {}),
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memorySize),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    LAMBDA_TASK_ROOT: spec.codeDir,
    _HANDLER: spec.handler,
  };
}

/** Heap limits as AWS's bootstrap sets them from the function's memory. */
export function nodeArguments(spec: FunctionSpec): string[] {
  return [`--max-old-space-size=${Math.max(32, Math.floor(spec.memorySize * 0.9))}`];
}
