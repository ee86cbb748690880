export interface MongoHostScript {
  region: string;
  /** vol-…: the volume is found by its id, for the order of NVMe device names may change between boots. */
  volumeId: string;
  /** Name of the SecureString in the Parameter Store. */
  passwordParameter: string;
  /** Tag of the official image. */
  mongoVersion: string;
  /** Port on the host. */
  port: number;
  /** Memory of the container in MB; absent, four fifths of the machine's. */
  memoryMb?: number;
}

/**
 * The user data of the Mongo host: bash for Amazon Linux 2023. Running it twice is safe. User data is readable by
 * whoever may describe the instance, so the password is fetched by the instance's role and never stands in it.
 * Every path it writes to begins with NAMI_SYSROOT, which is empty on AWS: the local target runs this very text.
 */
export function mongoHostScript(options: MongoHostScript): string {
  return [head(options), SYSTEM, VOLUME, PASSWORD, CONTAINER].join("\n");
}

/** A single-quoted word of the shell. */
function word(text: string | number): string {
  return `'${String(text).replaceAll("'", `'\\''`)}'`;
}

function head({
  region,
  volumeId,
  passwordParameter,
  mongoVersion,
  port,
  memoryMb,
}: MongoHostScript): string {
  return `#!/bin/bash
# Nami's Mongo host. Safe to run again.
set -euo pipefail

root="\${NAMI_SYSROOT:-}"
region=${word(region)}
volume=${word(volumeId)}
parameter=${word(passwordParameter)}
image=${word(`mongo:${mongoVersion}`)}
port=${word(port)}
memory_mb=${memoryMb === undefined ? `"$(awk '/^MemTotal:/ {print int($2 / 1024 * 0.8)}' "$root/proc/meminfo")"` : word(memoryMb)}
mount_point=/var/lib/nami-mongo
secrets=/etc/nami-mongo
${RETRY}`;
}

const RETRY = `
# retry TRIES COMMAND…: waits 1, 2, 4, 8, 15, 15 … seconds between tries. The command's own error stays the last line.
retry() {
  local tries="$1" try=1 pause=1
  shift
  until "$@"; do
    if ((try >= tries)); then return 1; fi
    echo "nami: try $try of $tries failed, again in $pause s: $1 $2" >&2
    sleep "$pause"
    try=$((try + 1))
    pause=$((pause * 2 > 15 ? 15 : pause * 2))
  done
}
`;

/** MongoDB 8 wants transparent huge pages on (older ones: off); a kernel that refuses costs speed, not service. */
const SYSTEM = `
retry 20 dnf install -y docker
command -v aws >/dev/null || retry 20 dnf install -y awscli-2
command -v mkfs.xfs >/dev/null || retry 20 dnf install -y xfsprogs

mkdir -p "$root/etc/tmpfiles.d"
cat >"$root/etc/tmpfiles.d/nami-mongo.conf" <<'END'
w /sys/kernel/mm/transparent_hugepage/enabled - - - - always
w /sys/kernel/mm/transparent_hugepage/defrag - - - - defer+madvise
w /sys/kernel/mm/transparent_hugepage/khugepaged/max_ptes_none - - - - 0
w /proc/sys/vm/overcommit_memory - - - - 1
END
systemd-tmpfiles --create "$root/etc/tmpfiles.d/nami-mongo.conf" || echo "nami: huge pages stay as they are" >&2

# After a reboot Docker waits for the volume: a container without it would start with an empty database.
mkdir -p "$root/etc/systemd/system/docker.service.d"
cat >"$root/etc/systemd/system/docker.service.d/nami-mongo.conf" <<END
[Unit]
RequiresMountsFor=$mount_point
END
`;

/** mkfs.xfs itself refuses a device with a known signature as long as -f is absent: the second guard of the data. */
const VOLUME = `
device="$root/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_\${volume/-/}"
waiting=$SECONDS
until [[ -e "$device" ]]; do
  if ((SECONDS - waiting > 900)); then
    echo "nami: volume $volume was not attached within 15 minutes" >&2
    exit 1
  fi
  sleep 0.2
done

found=0
blkid -p "$device" >/dev/null || found=$?
case "$found" in
  0) ;;
  2) mkfs.xfs -L nami-mongo "$device" ;;
  *)
    echo "nami: blkid cannot tell what is on $device ($found): it is left as it is" >&2
    exit 1
    ;;
esac
uuid="$(blkid -p -s UUID -o value "$device")"

touch "$root/etc/fstab"
others="$(grep -v " $mount_point " "$root/etc/fstab" || true)"
printf '%s\\n%s\\n' "$others" "UUID=$uuid $mount_point xfs defaults,noatime,nofail 0 2" >"$root/etc/fstab"
mkdir -p "$root$mount_point"
systemctl daemon-reload
mountpoint -q "$root$mount_point" || mount "$root$mount_point"
mkdir -p "$root$mount_point/db"

systemctl enable --now docker
`;

/**
 * The image's entry point reads the file as its user mongodb, not as root, so the file is readable to all and the
 * folder around it to root alone.
 */
const PASSWORD = `
password="$(retry 20 aws ssm get-parameter --region "$region" --name "$parameter" --with-decryption \\
  --query Parameter.Value --output text)"
mkdir -p "$root$secrets"
chmod 700 "$root$secrets"
printf '%s' "$password" >"$root$secrets/password"
chmod 444 "$root$secrets/password"
unset password
`;

/** \`--mount\` and not \`-v\`: it refuses a source that is missing, where \`-v\` would make an empty folder. */
const CONTAINER = `
retry 20 docker pull "$image"
docker rm -f -v nami-mongo >/dev/null 2>&1 || true
docker run -d --name nami-mongo --restart=always \\
  --publish "$port:27017" \\
  --memory "\${memory_mb}m" \\
  --ulimit nofile=64000:64000 \\
  --stop-timeout 60 \\
  --log-driver json-file --log-opt max-size=10m --log-opt max-file=5 \\
  --mount "type=bind,source=$root$mount_point/db,target=/data/db" \\
  --mount "type=bind,source=$root$secrets/password,target=/run/secrets/mongo-password,readonly" \\
  --env MONGO_INITDB_ROOT_USERNAME=nami \\
  --env MONGO_INITDB_ROOT_PASSWORD_FILE=/run/secrets/mongo-password \\
  "$image" --auth
echo "nami: Mongo is started on port $port"
`;
