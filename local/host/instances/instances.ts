import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { DataFormat, MongoEngine } from "../../mongo/engine";
import { AwsError } from "../aws-error";
import type { Iam, InstanceSpec, Instances } from "../services";
import { layout } from "./layout";
import { Machine } from "./machine";
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
  /** The ports that instances have published are others than before. */
  onChange?: () => void;
}

/** The EC2 of one machine. */
export function createInstances(options: InstancesOptions): Instances {
  const { dir } = options;
  const machines = new Map<string, Machine>();

  const boot = (spec: InstanceSpec) => {
    const machine = machines.get(spec.instanceId) ?? newMachine(options, spec.instanceId);
    const credentials = spec.roleName
      ? options.iam.credentialsFor(spec.roleName, "ec2.amazonaws.com")
      : undefined;
    machines.set(spec.instanceId, machine);
    machine.boot(
      { userData: spec.userData, credentials, awsUrl: options.awsUrl() },
      volumesOf(dir, spec.instanceId),
    );
  };

  const detach = async (volumeId: string, instanceId: string) => {
    await machines.get(instanceId)?.stopOn(layout.volume(dir, volumeId));
    detachVolume(dir, volumeId, instanceId);
  };

  return {
    run: async (spec) => boot(spec),
    reboot: async (spec) => boot(spec),
    async terminate(instanceId) {
      const machine = machines.get(instanceId) ?? newMachine(options, instanceId);
      await machine.stop();
      for (const volumeId of attachedVolumes(dir, instanceId)) detachVolume(dir, volumeId, instanceId);
      await machine.destroy();
      machines.delete(instanceId);
    },
    createVolume: (volumeId) => createVolume(dir, volumeId),
    deleteVolume: (volumeId) => deleteVolume(dir, volumeId),
    releaseVolume: (volumeId) => releaseVolume(dir, volumeId),
    attach(volumeId, instanceId) {
      const machine = machines.get(instanceId);
      // After a restart attachments may be put back before instances; those find their volumes when they boot.
      if (!machine && !existsSync(layout.machine(dir, instanceId))) {
        throw new AwsError("InvalidInstanceID.NotFound", `The instance ID '${instanceId}' does not exist`);
      }
      attachVolume(dir, volumeId, instanceId);
      machine?.volumesChanged(volumesOf(dir, instanceId));
    },
    detach,
    status: (instanceId) => machines.get(instanceId)?.status() ?? { state: "stopped" },
    list: () => Object.fromEntries([...machines].map(([id, machine]) => [id, machine.status()])),
    close: async () => void (await Promise.all([...machines.values()].map((machine) => machine.stop()))),
  };
}

function newMachine(options: InstancesOptions, instanceId: string): Machine {
  const { dir, commandPath = [], engine, onChange } = options;
  return new Machine({ folder: layout.machine(dir, instanceId), commandPath, engine, onChange });
}

function attachedVolumes(dir: string, instanceId: string): string[] {
  const volumes = join(dir, "volumes");
  if (!existsSync(volumes)) return [];
  return readdirSync(volumes).filter((volumeId) => attachedTo(dir, volumeId) === instanceId);
}

/** Folders of the volumes attached to an instance. */
function volumesOf(dir: string, instanceId: string): string[] {
  return attachedVolumes(dir, instanceId).map((volumeId) => layout.volume(dir, volumeId));
}
