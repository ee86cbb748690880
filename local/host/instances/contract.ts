import type { MongoStatus } from "../../protocol";

export interface InstanceSpec {
  instanceId: string;
  region: string;
  /** e.g. "t4g.small": the machine has its memory. */
  instanceType: string;
  userData: string;
  /** Role of the instance profile. */
  roleName?: string;
  /** Its address: 127.0.0.1 here. */
  privateIp: string;
}

/**
 * Machines: user data, and the units it writes, run in a shell with stand-ins; containers are real Mongo processes.
 * The memory of a type is what the machine's scripts read; nothing holds a process of this machine to it, and a
 * volume has no limit but the disk's (`fsTotalSize` of Mongo's dbStats is that disk's too).
 */
export interface Instances {
  /** First boot: resolves when the user data runs; it waits for its volume as on AWS. @throws AwsError Unsupported */
  run(spec: InstanceSpec): Promise<void>;
  /** After a restart of the host, and of a machine that was stopped: the user data does not run again, what it enabled does. */
  reboot(spec: InstanceSpec): Promise<void>;
  /** Power off, in order. */
  stop(instanceId: string): Promise<void>;
  /** Power off and on, with another type. @throws AwsError Unsupported, and nothing has changed */
  restart(spec: InstanceSpec): Promise<void>;
  isOn(instanceId: string): boolean;
  terminate(instanceId: string): Promise<void>;
  /** Or makes one that is there as large as said. */
  createVolume(volumeId: string, sizeGb: number): void;
  deleteVolume(volumeId: string): void;
  /** Detaches a volume from an instance that nobody knows any more. */
  releaseVolume(volumeId: string): void;
  attach(volumeId: string, instanceId: string, device: string): void;
  detach(volumeId: string, instanceId: string): Promise<void>;
  status(instanceId: string): MongoStatus;
  list(): Record<string, MongoStatus>;
  close(): Promise<void>;
}
