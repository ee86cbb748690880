import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The commands of a machine that user data may call; what each does stands in stand-ins.sh. */
const COMMANDS = [
  "aws",
  "blkid",
  "chmod",
  "dnf",
  "docker",
  "flock",
  "mkfs.xfs",
  "mount",
  "mountpoint",
  "rpm",
  "systemctl",
  "systemd-tmpfiles",
  "xfs_growfs",
];

/** Commands that would reach the real machine from a script that was written for another one. */
const REFUSED = [
  "yum",
  "apt-get",
  "reboot",
  "shutdown",
  "umount",
  "udevadm",
  "mkfs",
  "mkfs.ext4",
  "service",
  "sysctl",
  "useradd",
];

/**
 * Makes the folder of commands. Launchers, not links: a package manager may have dropped the mode of stand-ins.sh,
 * and the folder of the package may be read-only.
 */
export function makeStandIns(bin: string): void {
  rmSync(bin, { recursive: true, force: true });
  mkdirSync(bin, { recursive: true });
  const dispatcher = join(__dirname, "stand-ins.sh").replaceAll("'", `'\\''`);
  for (const command of [...COMMANDS, ...REFUSED]) {
    const file = join(bin, command);
    writeFileSync(file, `#!/bin/bash\nexec /bin/bash '${dispatcher}' ${command} "$@"\n`);
    chmodSync(file, 0o755);
  }
}

/** What the stand-ins need to know, for the environment of the script. */
export function standInEnvironment(machine: string, root: string): NodeJS.ProcessEnv {
  return {
    NAMI_SYSROOT: root,
    NAMI_MACHINE: machine,
    NAMI_NODE: process.execPath,
    NAMI_STAND_INS: __dirname,
  };
}
