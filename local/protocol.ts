/**
 * What the provider (which lives as long as one engine run) says to the host (the daemon).
 * HTTP with JSON on 127.0.0.1, `authorization: Bearer <token>`; addresses and token lie under NAMI_HOME/host.
 */

/** NAMI_HOME/host/host.json, written by a running host, mode 0600. */
export interface HostFile {
  pid: number;
  version: string;
  /** Of its code; see build-id.ts. Hosts of earlier commits say none. */
  build?: string;
  /** Of the host's database; an older host refuses a newer one. */
  schema: number;
  /** http://127.0.0.1:PORT of the control endpoint. */
  controlUrl: string;
  /** http://127.0.0.1:PORT of the AWS-compatible endpoints; the port is kept over restarts. */
  awsUrl: string;
  /** http://ADDRESS:PORT the gateway listens on. */
  gatewayUrl: string;
  /** What senders are told: `--public-url`, else gatewayUrl. */
  publicUrl: string;
  startedAt: string;
}

/** NAMI_HOME/host/settings.json: what outlives the process. */
export interface HostSettings {
  /** ADDRESS:PORT of the gateway. Default 127.0.0.1:6264. */
  listen: string;
  publicUrl?: string;
  /** Port of the AWS-compatible endpoints: chosen once, because queue URLs contain it. */
  awsPort?: number;
  /** Of the database that belongs here: another one, or none, means that what was deployed is lost. */
  databaseId?: string;
}

/** A resource as the host keeps it. `inputs` and `outputs` are plain JSON, secrets unwrapped. */
export interface ResourceRecord {
  id: string;
  urn: string;
  type: string;
  inputs: Inputs;
  outputs: Outputs;
}

export type Inputs = Record<string, unknown>;
export type Outputs = Record<string, unknown>;

/** What a thing passes through before it works, or after it was deleted, in AWS's word; absent: nothing any more. */
export interface Passing {
  state?: string;
}

/** POST /resources/create. The answer is a `Created`. */
export interface CreateRequest {
  urn: string;
  type: string;
  inputs: Inputs;
  /**
   * Ids of this URN that the engine has shown to know in this run. A record of the URN that is not among them
   * was made by an interrupted run and is taken over instead of being made twice.
   */
  known: string[];
}

export interface Created extends Passing {
  id: string;
  outputs: Outputs;
}

/** POST /resources/update. The answer is `{ outputs }` with what it passes through. */
export interface UpdateRequest {
  urn: string;
  type: string;
  id: string;
  inputs: Inputs;
  /** The inputs that the program has changed; absent: any may have been. What it has not is left as it is. */
  changed?: string[];
}

/** POST /resources/adopt with a record (answer `{}`): of a volume or parameter that a lost database had. */

/** POST /resources/list with `{ type }` answers the records of that type. */

/**
 * POST /resources/delete (answer what it passes through, `{}` also when it is gone), POST /resources/state (the same, of
 * one that is there or was) and POST /resources/read (answer a record, or 404).
 */
export interface ResourceRequest {
  urn: string;
  type: string;
  id: string;
}

/** Every refusal: HTTP 4xx/5xx with this body. `code` is AWS's exception name where AWS has one. */
export interface Refusal {
  code: string;
  message: string;
}

/** In `inputs.code` of a function: the provider sends the zip itself. */
export interface CodeInput {
  zipBase64: string;
  /** sha256 of the zip, base64, as AWS's CodeSha256. */
  sha256: string;
}

/** GET /status. */
export interface HostStatus extends HostFile {
  rssBytes: number;
  /**
   * When the host noticed that its database was gone and began a new one. What was deployed before this moment
   * exists in the stacks only: `up --refresh` makes it again.
   */
  databaseLostAt?: string;
  /** Resources that could not be started again after a restart, with the reason. */
  broken: BrokenResource[];
  /** CloudWatch alarms, in the order in which they were made. */
  alarms: AlarmReport[];
  /** What Data Lifecycle Manager would make of each of its policies. */
  lifecyclePolicies: LifecyclePolicyReport[];
  /** Mongo processes by instance id. */
  mongo: Record<string, MongoStatus>;
  functions: Record<string, { sandboxes: number; busy: number }>;
  /** The wall that hides NAMI_HOME from user code, or why there is none. */
  wall: { name: string } | { missing: string };
}

export interface BrokenResource {
  urn: string;
  reason: string;
}

export interface AlarmReport {
  name: string;
  arn: string;
  state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  /** Why it is in this state, in CloudWatch's words. */
  reason: string;
  /** ISO time since which it is in this state. */
  since: string;
  description?: string;
  tags: Record<string, string>;
  /** The last notification could not be made: "Failed to execute action …". */
  actionError?: string;
}

export interface LifecyclePolicyReport {
  /** e.g. "policy-0123456789abcdef0". */
  id: string;
  arn: string;
  description: string;
  state: "ENABLED" | "DISABLED" | "ERROR";
  /** Of an ERROR: the first action that its role is denied. */
  reason?: string;
  tags: Record<string, string>;
}

export interface MongoStatus {
  /** The deployment it is of. */
  name?: string;
  state: "starting" | "running" | "stopped" | "failed";
  /** e.g. "mongod 8.0.4" or "SecantusDB 0.7.0b3". */
  engine?: string;
  port?: number;
  pid?: number;
  error?: string;
}

/** The one account and the default region of the local target. */
export const LOCAL_ACCOUNT = "000000000000";
export const LOCAL_REGION = "us-east-1";
