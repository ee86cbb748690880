import type { MongoStatus } from "../../protocol";

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
  /** Detaches a volume from an instance that nobody knows any more. */
  releaseVolume(volumeId: string): void;
  attach(volumeId: string, instanceId: string, device: string): void;
  detach(volumeId: string, instanceId: string): Promise<void>;
  status(instanceId: string): MongoStatus;
  list(): Record<string, MongoStatus>;
  close(): Promise<void>;
}
