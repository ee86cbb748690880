import type { PolicyStatement } from "../iam/contract";

export interface FunctionSpec {
  name: string;
  arn: string;
  region: string;
  handler: string;
  /** Seconds. */
  timeout: number;
  /** MB. */
  memorySize: number;
  environment: Record<string, string>;
  roleName: string;
  /** Folder of the unpacked zip. */
  codeDir: string;
  logGroup: string;
}

export interface InvokeResult {
  /** The function's reply, or AWS's error object {errorType, errorMessage, trace}. JSON text. */
  payload: string;
  /** Present when the function threw, timed out or died: "Unhandled". */
  functionError?: string;
}

/** Sandboxes that run the real zips, one request at a time each. */
export interface Functions {
  put(spec: FunctionSpec): void;
  remove(name: string): Promise<void>;
  get(name: string): FunctionSpec | undefined;
  /**
   * Throws AwsError ResourceNotFoundException; TooManyRequestsException when no sandbox was free in time.
   * `payload` is JSON text.
   */
  invoke(name: string, payload: string): Promise<InvokeResult>;
  /** lambda.Permission statements of a function. */
  putPermission(functionName: string, statementId: string, statement: PolicyStatement): void;
  removePermission(functionName: string, statementId: string): void;
  /** Throws AwsError AccessDeniedException unless a permission lets `service` invoke it from `sourceArn`. */
  authorizeInvoke(functionName: string, service: string, sourceArn: string): void;
  stats(): Record<string, { sandboxes: number; busy: number }>;
  close(): Promise<void>;
}
