/**
 * The plan of the house: what each part of the host offers to the others.
 * Resource types (`resources/`) call these; the parts know nothing of Pulumi.
 */
import type { Inputs, MongoStatus, Outputs, ResourceRecord } from "../protocol";

/** Seconds and milliseconds come from here, so that tests can move time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

// ── queue/ ──────────────────────────────────────────────────────────────────────────────────────────

export interface QueueAttributes {
  visibilityTimeoutSeconds: number;
  messageRetentionSeconds: number;
  maxMessageSize: number;
  delaySeconds: number;
  receiveWaitTimeSeconds: number;
  redrive?: { deadLetterTargetArn: string; maxReceiveCount: number };
}

export interface QueueMessage {
  messageId: string;
  receiptHandle: string;
  body: string;
  md5OfBody: string;
  /** ApproximateReceiveCount, counting this receive. */
  receiveCount: number;
  /** Milliseconds since the epoch. */
  sentAt: number;
  firstReceivedAt: number;
  messageAttributes?: Record<string, unknown>;
}

export interface QueueCounts {
  visible: number;
  inFlight: number;
  delayed: number;
  /** Age of the oldest message that is not yet deleted, seconds; 0 when empty. */
  oldestSeconds: number;
}

/** Durable queues with the semantics of SQS standard queues. Queues are named; messages live in SQLite. */
export interface Queues {
  put(name: string, attributes: QueueAttributes): void;
  remove(name: string): void;
  has(name: string): boolean;
  /** Throws QueueDoesNotExist. */
  describe(name: string): { readonly attributes: Readonly<QueueAttributes> };
  /** Resolves when the message is on disk (group commit). Throws QueueDoesNotExist, InvalidParameterValue, InvalidMessageContents. */
  send(
    name: string,
    body: string,
    options?: { delaySeconds?: number; messageAttributes?: Record<string, unknown> },
  ): Promise<{ messageId: string; md5OfBody: string }>;
  /** Long poll: resolves with [] when `waitSeconds` are over or `signal` is aborted. */
  receive(
    name: string,
    options: { max: number; waitSeconds?: number; visibilityTimeoutSeconds?: number; signal?: AbortSignal },
  ): Promise<QueueMessage[]>;
  delete(name: string, receiptHandles: string[]): Promise<void>;
  changeVisibility(name: string, receiptHandle: string, seconds: number): Promise<void>;
  counts(name: string): QueueCounts;
  purge(name: string): void;
}

// ── iam/ ────────────────────────────────────────────────────────────────────────────────────────────

export interface Identity {
  /** arn:aws:iam::000000000000:user/nami, or arn:aws:sts::000000000000:assumed-role/<role>/<session>. */
  arn: string;
  /** Absent for the administrator, who may do everything. */
  roleName?: string;
}

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface SignedRequest {
  method: string;
  /** Path with query, as sent. */
  url: string;
  /** Lower-cased names. */
  headers: Record<string, string | undefined>;
  body: Buffer;
}

export interface PolicyDocument {
  Version?: string;
  Statement: PolicyStatement[];
}

export interface PolicyStatement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Principal?: unknown;
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** Roles, their policies and the signatures made with their keys. */
export interface Iam {
  putRole(name: string, trustPolicy: PolicyDocument): void;
  removeRole(name: string): void;
  hasRole(name: string): boolean;
  putRolePolicy(role: string, policy: string, document: PolicyDocument): void;
  removeRolePolicy(role: string, policy: string): void;
  /** The keys a role's function or instance is given; the same after a restart. Throws when the role or the trust is missing. */
  credentialsFor(role: string, service: "lambda.amazonaws.com" | "ec2.amazonaws.com"): Credentials;
  /** Verifies SigV4. Throws AwsError MissingAuthenticationToken, InvalidClientTokenId, SignatureDoesNotMatch, RequestExpired. */
  authenticate(request: SignedRequest): { identity: Identity; service: string; region: string };
  /** Throws AwsError AccessDenied: "User: <arn> is not authorized to perform: <action> on resource: <resource> because no identity-based policy allows the <action> action". */
  authorize(identity: Identity, action: string, resource: string, context?: Record<string, string>): void;
  /** For the poller and others that act as a role without a signature. */
  roleIdentity(role: string, session: string): Identity;
}

// ── functions/ ──────────────────────────────────────────────────────────────────────────────────────

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

export interface Logs {
  putGroup(name: string, retentionDays?: number): void;
  removeGroup(name: string): void;
  write(group: string, stream: string, text: string): void;
  /** Newest last. */
  tail(group: string, lines: number): string[];
}

// ── gateway/ ────────────────────────────────────────────────────────────────────────────────────────

export interface ApiSpec {
  apiId: string;
  region: string;
}

export interface RouteSpec {
  routeId: string;
  apiId: string;
  /** "ANY /demo", "POST /demo", "$default". */
  routeKey: string;
  /** Name of the function behind it. */
  functionName: string;
  /** Milliseconds; 30,000 unless the integration says less. */
  timeoutMs: number;
}

export interface StageSpec {
  apiId: string;
  name: string;
  throttle?: { rateLimit: number; burstLimit: number };
  routeThrottles?: Record<string, { rateLimit: number; burstLimit: number }>;
  /** A log group's name, and AWS's format with `$context.…` variables. */
  accessLog?: { group: string; format: string };
}

/** The shared HTTP API: payload 2.0 in, the function's answer out. */
export interface Gateway {
  putApi(spec: ApiSpec): void;
  removeApi(apiId: string): void;
  putStage(spec: StageSpec): void;
  removeStage(apiId: string, name: string): void;
  putRoute(spec: RouteSpec): void;
  removeRoute(apiId: string, routeId: string): void;
  /** Throws localError PORT_TAKEN. Answers the address it listens on. */
  listen(address: string): Promise<string>;
  close(): Promise<void>;
}

// ── mappings/ ───────────────────────────────────────────────────────────────────────────────────────

export interface MappingSpec {
  uuid: string;
  queueName: string;
  queueArn: string;
  functionName: string;
  enabled: boolean;
  batchSize: number;
  /** Seconds. */
  batchWindow: number;
  maximumConcurrency?: number;
  reportBatchItemFailures: boolean;
}

/** Event source mappings: queue → function, with AWS's rules for partial failures. */
export interface Mappings {
  /**
   * Checks what AWS checks at creation: the role's queue actions, and visibility timeout ≥ function timeout.
   * `check: false` for what was created before and only runs again, after a restart.
   */
  put(spec: MappingSpec, options?: { check?: boolean }): void;
  get(uuid: string): MappingSpec | undefined;
  /** Resolves when the batches in flight have ended. */
  remove(uuid: string): Promise<void>;
  lastResult(uuid: string): string;
  close(): Promise<void>;
}

// ── instances/ ──────────────────────────────────────────────────────────────────────────────────────

export interface InstanceSpec {
  instanceId: string;
  region: string;
  userData: string;
  /** Role of the instance profile. */
  roleName?: string;
  /** Its address: 127.0.0.1 here. */
  privateIp: string;
}

/** Machines: the user-data script, run in a shell with stand-ins; its containers are real Mongo processes. */
export interface Instances {
  /** First boot: starts the script in the background; it waits for its volume as on AWS. */
  run(spec: InstanceSpec): Promise<void>;
  /** After a restart of the host: the script does not run again, the containers do. */
  reboot(spec: InstanceSpec): Promise<void>;
  terminate(instanceId: string): Promise<void>;
  createVolume(volumeId: string, sizeGb: number): void;
  deleteVolume(volumeId: string): void;
  attach(volumeId: string, instanceId: string, device: string): void;
  detach(volumeId: string, instanceId: string): Promise<void>;
  status(instanceId: string): MongoStatus;
  list(): Record<string, MongoStatus>;
  close(): Promise<void>;
}

export interface Parameters {
  put(name: string, value: string, type: "String" | "SecureString"): void;
  remove(name: string): void;
  get(name: string): { name: string; value: string; type: string } | undefined;
}

// ── all of it ───────────────────────────────────────────────────────────────────────────────────────

export interface Services {
  /** NAMI_HOME/host */
  dir: string;
  clock: Clock;
  /** http://127.0.0.1:PORT of the AWS-compatible endpoints. */
  awsUrl: string;
  /** What senders are told. */
  publicUrl: string;
  queues: Queues;
  iam: Iam;
  functions: Functions;
  logs: Logs;
  gateway: Gateway;
  mappings: Mappings;
  instances: Instances;
  parameters: Parameters;
  /** Resources of one type, for what refers to another by id (a route to its integration). */
  find(type: string, id: string): ResourceRecord | undefined;
  all(type: string): ResourceRecord[];
}

/** One AWS resource type on this machine. One file each, in `resources/`. */
export interface ResourceKind {
  /** e.g. "aws:sqs/queue:Queue". */
  type: string;
  /** Holds data: one that an interrupted run left is taken over or left, never deleted to make place. */
  keepsData?: true;
  create(
    services: Services,
    request: { urn: string; inputs: Inputs },
  ): Promise<{ id: string; outputs: Outputs }>;
  /** After a restart: make it run again from the record alone. Called type by type, in order of creation within a type. */
  restore?(services: Services, record: ResourceRecord): Promise<void>;
  update?(services: Services, record: ResourceRecord, inputs: Inputs): Promise<Outputs>;
  delete?(services: Services, record: ResourceRecord): Promise<void>;
  /** Facts that change by themselves; default: the record's outputs. */
  read?(services: Services, record: ResourceRecord): Promise<Outputs>;
}
