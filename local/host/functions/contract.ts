import type { PolicyStatement } from "../iam/contract";

/** Where a function stands in a VPC. */
export interface VpcConfig {
  subnetIds: string[];
  securityGroupIds: string[];
  /** ipv6AllowedForDualStack */
  ipv6: boolean;
}

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
  /** Absent: in no VPC. */
  vpcConfig?: VpcConfig;
}

export interface InvokeResult {
  /** The function's reply, or AWS's error object {errorType, errorMessage, trace}. JSON text. */
  payload: string;
  /** Present when the function threw, timed out or died: "Unhandled". */
  functionError?: string;
}

/** Sandboxes that run the real zips, one request at a time each. */
export interface Functions {
  /** Ends the sandboxes that a killed host has left: what they have in hand is handed out again only after that. */
  endLeft(): Promise<void>;
  put(spec: FunctionSpec): void;
  remove(name: string): Promise<void>;
  get(name: string): FunctionSpec | undefined;
  /**
   * Throws AwsError ResourceNotFoundException; TooManyRequestsException when no sandbox was free in time;
   * ServiceException when the disk does not have the function's code.
   * `payload` is JSON text.
   */
  invoke(name: string, payload: string): Promise<InvokeResult>;
  /** lambda.Permission statements of a function. */
  putPermission(functionName: string, statementId: string, statement: PolicyStatement): void;
  removePermission(functionName: string, statementId: string): void;
  /** Throws AwsError AccessDeniedException unless a permission lets `service` invoke it from `sourceArn`. */
  authorizeInvoke(functionName: string, service: string, sourceArn: string): void;
  /** Something in a network changed: sandboxes are told where they may open connections now. */
  reachChanged(): void;
  stats(): Record<string, { sandboxes: number; busy: number }>;
  close(): Promise<void>;
}
