import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { instanceType } from "../../instance-types";
import type { DataFormat, MongoEngine } from "../../mongo/engine";
import { AwsError } from "../aws-error";
import type { Iam, InstanceSpec, Instances } from "../services";
import { layout } from "./layout";
import { type Boot, Machine } from "./machine";
import { type Later, later } from "./systemd";
import { attachedTo, attachVolume, createVolume, deleteVolume, detachVolume, releaseVolume } from "./volumes";

export interface InstancesOptions {
  /** NAMI_HOME/host */
  dir: string;
  iam: Pick<Iam, "credentialsFor">;
  /** Of the AWS-compatible endpoints; asked for at each boot. */
  awsUrl(): string;
  /** The Mongo server to run; `format` when a data folder has one already. Installs nothing. */
  engine(format?: DataFormat): Promise<MongoEngine>;
  /** Folders of commands that go before the stand-ins. */
  commandPath?: string[];
  /** How the timers of machines wait. */
  later?: Later;
  /** The ports that instances have published are others than before. */
  onChange?: () => void;
}

/** The EC2 of one machine. */
export function createInstances(options: InstancesOptions): Instances {
  const { dir } = options;
  const machines = new Map<string, Machine>();

  const machineOf = (instanceId: string) => {
    const machine = machines.get(instanceId) ?? newMachine(options, instanceId);
    machines.set(instanceId, machine);
    return machine;
  };
  const boot = (spec: InstanceSpec) => machineOf(spec.instanceId).powerOn(bootOf(options, spec));
  const stop = async (instanceId: string) => machines.get(instanceId)?.powerOff();

  return {
    run: boot,
    reboot: boot,
    stop,
    async restart(spec) {
      // What cannot be started must not be stopped for it.
      const wanted = bootOf(options, spec);
      await stop(spec.instanceId);
      await machineOf(spec.instanceId).powerOn(wanted);
    },
    isOn: (instanceId) => machines.get(instanceId)?.on ?? false,
    async terminate(instanceId) {
      const machine = machineOf(instanceId);
      await machine.powerOff();
      for (const volumeId of attachedVolumes(dir, instanceId)) detachVolume(dir, volumeId, instanceId);
      await machine.destroy();
      machines.delete(instanceId);
    },
    createVolume: (volumeId, sizeGb) => createVolume(dir, volumeId, sizeGb),
    deleteVolume: (volumeId) => deleteVolume(dir, volumeId),
    releaseVolume: (volumeId) => releaseVolume(dir, volumeId),
    attach(volumeId, instanceId) {
      // After a restart attachments may be put back before instances; those find their volumes when they boot.
      if (!machines.has(instanceId) && !existsSync(layout.machine(dir, instanceId))) {
        throw new AwsError("InvalidInstanceID.NotFound", `The instance ID '${instanceId}' does not exist`);
      }
      attachVolume(dir, volumeId, instanceId);
    },
    async detach(volumeId, instanceId) {
      await machines.get(instanceId)?.letGo(layout.volume(dir, volumeId));
      detachVolume(dir, volumeId, instanceId);
    },
    status: (instanceId) => machines.get(instanceId)?.status() ?? { state: "stopped" },
    list: () => Object.fromEntries([...machines].map(([id, machine]) => [id, machine.status()])),
    close: async () => void (await Promise.all([...machines.values()].map((machine) => machine.powerOff()))),
  };
}

/** @throws AwsError Unsupported */
function bootOf({ iam, awsUrl }: InstancesOptions, spec: InstanceSpec): Boot {
  const type = instanceType(spec.instanceType);
  if (!type) {
    const message = `The local target cannot tell how much memory the instance type '${spec.instanceType}' has.`;
    throw new AwsError("Unsupported", message);
  }
  const credentials = spec.roleName ? iam.credentialsFor(spec.roleName, "ec2.amazonaws.com") : undefined;
  return { userData: spec.userData, memoryGib: type.memoryGib, credentials, awsUrl: awsUrl() };
}

function newMachine(options: InstancesOptions, instanceId: string): Machine {
  const { dir, commandPath = [], engine, onChange } = options;
  return new Machine({
    folder: layout.machine(dir, instanceId),
    commandPath,
    later: options.later ?? later,
    engine,
    volumes: () => attachedVolumes(dir, instanceId).map((volumeId) => layout.volume(dir, volumeId)),
    onChange,
  });
}

function attachedVolumes(dir: string, instanceId: string): string[] {
  const volumes = join(dir, "volumes");
  if (!existsSync(volumes)) return [];
  return readdirSync(volumes).filter((volumeId) => attachedTo(dir, volumeId) === instanceId);
}
