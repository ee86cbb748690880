import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { sync, writeDurably } from "../../durable";
import { AwsError } from "../aws-error";
import { devicePath, layout, machineFiles, volumeFiles } from "./layout";

/** Makes a volume without a file system; of one that is there only the device becomes as large as said. */
export function createVolume(dir: string, volumeId: string, sizeGb: number): void {
  const volume = layout.volume(dir, volumeId);
  mkdirSync(volume, { recursive: true, mode: 0o700 });
  writeDurably(volumeFiles(volume).size, `${sizeGb}\n`);
  for (const folder of [dirname(volume), dir]) sync(folder);
}

/** Deletes a volume and all that is on it. @throws AwsError VolumeInUse */
export function deleteVolume(dir: string, volumeId: string): void {
  const holder = attachedTo(dir, volumeId);
  if (holder) throw new AwsError("VolumeInUse", `Volume ${volumeId} is currently attached to ${holder}`);
  rmSync(layout.volume(dir, volumeId), { recursive: true, force: true });
}

/** Shows the volume as a device in the machine. @throws AwsError InvalidVolume.NotFound, VolumeInUse */
export function attachVolume(dir: string, volumeId: string, instanceId: string): void {
  const volume = layout.volume(dir, volumeId);
  if (!existsSync(volume)) {
    throw new AwsError("InvalidVolume.NotFound", `The volume '${volumeId}' does not exist.`);
  }
  const holder = attachedTo(dir, volumeId);
  if (holder && holder !== instanceId) {
    throw new AwsError("VolumeInUse", `${volumeId} is already attached to an instance`);
  }
  writeDurably(volumeFiles(volume).attached, instanceId);
  const device = devicePath(machineFiles(layout.machine(dir, instanceId)).root, volumeId);
  mkdirSync(dirname(device), { recursive: true });
  rmSync(device, { force: true });
  symlinkSync(volume, device);
}

/** Unmounts the volume and takes its device out of the machine. What uses it must have ended. */
export function detachVolume(dir: string, volumeId: string, instanceId: string): void {
  if (attachedTo(dir, volumeId) !== instanceId) return;
  const volume = layout.volume(dir, volumeId);
  const { root } = machineFiles(layout.machine(dir, instanceId));
  for (const { target } of fstab(root)) {
    const mountPoint = join(root, target);
    if (linkAt(mountPoint) !== volumeFiles(volume).data) continue;
    rmSync(mountPoint);
    mkdirSync(mountPoint);
  }
  rmSync(devicePath(root, volumeId), { force: true });
  rmSync(volumeFiles(volume).attached, { force: true });
}

/** Detaches the volume from whatever has it. */
export function releaseVolume(dir: string, volumeId: string): void {
  const holder = attachedTo(dir, volumeId);
  if (holder) detachVolume(dir, volumeId, holder);
}

export function attachedTo(dir: string, volumeId: string): string | undefined {
  const file = volumeFiles(layout.volume(dir, volumeId)).attached;
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/**
 * `mount PATH`, by the fstab of the machine. Answers false when fstab has nothing at that path; does nothing when it is
 * mounted. @throws Error
 */
export function mountPath(root: string, volumes: string[], path: string): boolean {
  const entry = fstab(root).find(({ target }) => target === path);
  if (!entry) return false;
  const mountPoint = join(root, path);
  if (linkAt(mountPoint)) return true;
  const volume = volumes.find((one) => uuidOf(one) === entry.uuid);
  if (!volume) throw new Error(`mount: ${path}: can't find UUID=${entry.uuid}.`);
  // A link stands for the mount, so the folder it takes the place of must be empty.
  rmdirSync(mountPoint);
  symlinkSync(volumeFiles(volume).data, mountPoint);
  return true;
}

/** Power off: no mount outlives it. */
export function unmountAll(root: string): void {
  for (const { target } of fstab(root)) {
    const mountPoint = join(root, target);
    if (!linkAt(mountPoint)) continue;
    rmSync(mountPoint);
    mkdirSync(mountPoint);
  }
}

function uuidOf(volume: string): string | undefined {
  const { filesystem } = volumeFiles(volume);
  return existsSync(filesystem) ? readFileSync(filesystem, "utf8").split(/\s/)[0] : undefined;
}

function fstab(root: string): { uuid: string; target: string }[] {
  const file = join(root, "etc", "fstab");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .map((line) => /^UUID=(\S+)\s+(\/\S+)\s/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ uuid: match[1]!, target: match[2]! }));
}

function linkAt(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
}
