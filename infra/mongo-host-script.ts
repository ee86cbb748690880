import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface MongoHostScript {
  region: string;
  /** vol-…: the volume is found by its id, for the order of NVMe device names may change between boots. */
  volumeId: string;
  /** Name of the SecureString in the Parameter Store. */
  passwordParameter: string;
  /** Tag of the official image, e.g. "8.0". */
  mongoVersion: string;
  /** Port on the host, on all its addresses: the security group is the guard, and the public address is NAT to the private one. */
  port: number;
  /** Memory of the container in MB; absent, four fifths of what the machine has at each boot. */
  memoryMb?: number;
}

/** EC2 takes no more, in bytes before base64 (RunInstances, UserData). */
export const USER_DATA_LIMIT = 16_384;

/** What the host gets, from the files of `mongo-host/`. */
const FILES = [
  { from: "nami-mongo.sh", to: "/usr/local/sbin/nami-mongo", mode: "755" },
  { from: "nami-mongo.service", to: "/etc/systemd/system/nami-mongo.service", mode: "644" },
  { from: "nami-mongo.timer", to: "/etc/systemd/system/nami-mongo.timer", mode: "644" },
  { from: "docker.conf", to: "/etc/systemd/system/docker.service.d/nami-mongo.conf", mode: "644" },
  { from: "tmpfiles.conf", to: "/etc/tmpfiles.d/nami-mongo.conf", mode: "644" },
] as const;

const END = "END_OF_FILE";

/**
 * The user data of the Mongo host: bash for Amazon Linux 2023. cloud-init runs it once in the life of an instance and
 * never again, even when the power failed half-way (its semaphore is written before the run), so it only lays down
 * files and starts a timer; whatever takes time or may fail is in `mongo-host/nami-mongo.sh`, which the timer repeats.
 * User data is readable by whoever may describe the instance: the password is fetched by the instance's role and
 * never stands in it. Every path begins with NAMI_SYSROOT, which is empty on AWS: the local target runs this very text.
 */
export function mongoHostScript(options: MongoHostScript): string {
  const files = FILES.map(({ from, to, mode }) =>
    write(to, mode, readFileSync(join(__dirname, "mongo-host", from), "utf8")),
  );
  return [HEAD, write("/etc/nami-mongo/settings", "644", settings(options)), ...files, START].join("\n");
}

const HEAD = `#!/bin/bash
# Nami's Mongo host.
set -euo pipefail

root="\${NAMI_SYSROOT:-}"

# put MODE PATH: standard input becomes the file.
put() {
  mkdir -p "$(dirname "$root$2")"
  cat >"$root$2"
  chmod "$1" "$root$2"
}

mkdir -p "$root/etc/nami-mongo"
chmod 700 "$root/etc/nami-mongo"
`;

/** The timer starts the service by itself; it is started here too, so that cloud-init tells how the first run ended. */
const START = `systemd-tmpfiles --create "$root/etc/tmpfiles.d/nami-mongo.conf" || echo "nami: the kernel's settings stay as they are" >&2
systemctl daemon-reload
systemctl enable --now nami-mongo.timer
systemctl start nami-mongo.service
`;

function write(path: string, mode: string, text: string): string {
  return `put ${mode} ${path} <<'${END}'\n${text}${END}\n`;
}

/** Read by the shell. */
function settings({
  region,
  volumeId,
  passwordParameter,
  mongoVersion,
  port,
  memoryMb,
}: MongoHostScript): string {
  const values = {
    REGION: region,
    VOLUME: volumeId,
    PARAMETER: passwordParameter,
    IMAGE: `mongo:${mongoVersion}`,
    PORT: port,
    MEMORY_MB: memoryMb ?? "",
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${word(value)}\n`)
    .join("");
}

/** A single-quoted word of the shell. */
function word(text: string | number): string {
  return `'${String(text).replaceAll("'", `'\\''`)}'`;
}
