import { join } from "node:path";

/** The folders of machines and volumes under NAMI_HOME/host. Volumes lie apart: they outlive machines. */
export const layout = {
  machines: (dir: string) => join(dir, "instances"),
  machine: (dir: string, instanceId: string) => join(dir, "instances", instanceId),
  volume: (dir: string, volumeId: string) => join(dir, "volumes", volumeId),
};

/** What lies in the folder of one machine. */
export const machineFiles = (machine: string) => ({
  /** The root of its file system: NAMI_SYSROOT of the script. */
  root: join(machine, "root"),
  /** The stand-in commands, first on the script's PATH. */
  bin: join(machine, "bin"),
  userData: join(machine, "user-data"),
  /** cloud-init's: what the user data said. */
  userDataLog: join(machine, "user-data.log"),
  userDataPid: join(machine, "user-data.pid"),
  /** There once the user data has succeeded: it does not run at the next boot. */
  userDataDone: join(machine, "user-data.done"),
  /** What services said. */
  journal: join(machine, "journal.log"),
  /** Pid files of services. */
  units: join(machine, "units"),
  /** A file for each package that dnf installed. */
  packages: join(machine, "packages"),
  /** Where stand-ins ask the host. */
  requests: join(machine, "requests"),
  /** Keys of its role and address of the endpoints: what IMDS tells on AWS. */
  profile: join(machine, "profile.json"),
  containers: join(machine, "containers"),
});

/** What lies in the folder of one volume. */
export const volumeFiles = (volume: string) => ({
  /** The files on it, once mkfs has made a file system. */
  data: join(volume, "data"),
  /** Size of the device in GiB. No limit: the files lie on this machine's disk. */
  size: join(volume, "size"),
  /** UUID of the file system, and its size in GiB. */
  filesystem: join(volume, "filesystem"),
  /** Id of the instance it is attached to. */
  attached: join(volume, "attached"),
});

/** Where udev shows an EBS volume: by its id without the dash, which is the serial number of the NVMe device. */
export function devicePath(root: string, volumeId: string): string {
  const serial = volumeId.replace("-", "");
  return join(root, "dev", "disk", "by-id", `nvme-Amazon_Elastic_Block_Store_${serial}`);
}
