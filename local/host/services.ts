/**
 * The plan of the house: what each part of the host offers to the others.
 * Each part says in its `contract.ts` what it does; resource types (`resources/`) call it, and no part knows Pulumi.
 */
import type { Inputs, Outputs, ResourceRecord } from "../protocol";
import type { Alarms } from "./alarms/contract";
import type { Functions } from "./functions/contract";
import type { Gateway } from "./gateway/contract";
import type { Iam } from "./iam/contract";
import type { Instances } from "./instances/contract";
import type { LogMetrics, Logs } from "./logs/contract";
import type { Mappings } from "./mappings/contract";
import type { Metrics } from "./metrics/contract";
import type { Network } from "./network/contract";
import type { Lingering } from "./network/lingering";
import type { Parameters } from "./parameters/contract";
import type { Propagation } from "./propagation";
import type { Queues } from "./queue/contract";
import type { Schedules } from "./schedules/contract";
import type { Topics } from "./topics/contract";

export type { AlarmSpec, AlarmState, AlarmStatus, Alarms } from "./alarms/contract";
export type { FunctionSpec, Functions, InvokeResult, VpcConfig } from "./functions/contract";
export type { ApiSpec, Gateway, RouteSpec, StageSpec } from "./gateway/contract";
export type {
  Admission,
  Credentials,
  Iam,
  Identity,
  PolicyDocument,
  PolicyStatement,
  RoleService,
  Signed,
  SignedHead,
  SignedRequest,
} from "./iam/contract";
export type { InstanceSpec, Instances } from "./instances/contract";
export type { LogMetrics, Logs, MetricFilterSpec } from "./logs/contract";
export type { MappingSpec, Mappings } from "./mappings/contract";
export type { Metric, MetricId, Metrics, Statistics } from "./metrics/contract";
export type { Network, NetworkInterface, RegionNetwork } from "./network/contract";
export type { Parameters } from "./parameters/contract";
export type { QueueAttributes, QueueCounts, QueueMessage, Queues } from "./queue/contract";
export type { RuleSpec, Schedules, TargetSpec } from "./schedules/contract";
export type { Publisher, SubscriptionSpec, TopicMessage, TopicSpec, Topics } from "./topics/contract";

/** Seconds and milliseconds come from here, so that tests can move time. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

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
  network: Network;
  parameters: Parameters;
  /** When what was asked for works. */
  propagation: Propagation;
  lingering: Lingering;
  metrics: Metrics;
  logMetrics: LogMetrics;
  alarms: Alarms;
  topics: Topics;
  schedules: Schedules;
  /** Resources of one type, for what refers to another by id (a route to its integration). */
  find(type: string, id: string): ResourceRecord | undefined;
  all(type: string): ResourceRecord[];
}

/** One AWS resource type on this machine. One file each, in `resources/`. */
export interface ResourceKind {
  /** e.g. "aws:sqs/queue:Queue". */
  type: string;
  /** Holds data: one that an interrupted run left is taken over or left, never deleted to make place. */
  keepsData?: true | ((services: Services, record: ResourceRecord) => boolean);
  /** Its deletion is tried again while something depends on it, as terraform-provider-aws does for 20 minutes. */
  waitsToBeDeleted?: true;
  create(
    services: Services,
    request: { urn: string; inputs: Inputs },
  ): Promise<{ id: string; outputs: Outputs }>;
  /** After a restart: make it run again from the record alone. Called type by type, in order of creation within a type. */
  restore?(services: Services, record: ResourceRecord): Promise<void>;
  /** After the table was lost: what `restore` does, for a record that the engine's state gave back. */
  adopt?(services: Services, record: ResourceRecord): Promise<void>;
  update?(services: Services, record: ResourceRecord, inputs: Inputs): Promise<Outputs>;
  delete?(services: Services, record: ResourceRecord): Promise<void>;
  /** Whether its files on this machine are as they were written; default: it has none that could be broken. */
  isWhole?(services: Services, record: ResourceRecord): boolean;
  /** Facts that change by themselves; default: the record's outputs. */
  read?(services: Services, record: ResourceRecord): Promise<Outputs>;
}
