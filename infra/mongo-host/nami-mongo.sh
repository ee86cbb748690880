#!/bin/bash
# Brings MongoDB up on its volume, and mends what is missing. nami-mongo.timer runs it at every boot and every two
# minutes from then on; it may be run at any time, and speaks only when it changes something or cannot go on.
# Every path begins with NAMI_SYSROOT, which is empty on a real machine.
set -euo pipefail

root="${NAMI_SYSROOT:-}"
# shellcheck source=/dev/null
source "$root/etc/nami-mongo/settings"

device="$root/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${VOLUME/-/}"
mount_point=/var/lib/nami-mongo
password_file="$root/etc/nami-mongo/password"
container=nami-mongo

say() {
  echo "nami: $*"
}

fail() {
  say "$@" >&2
  exit 1
}

# retry TRIES COMMAND…: waits 1, 2, 4, 8, 15, 15 … seconds between tries. The command's own error stays the last line.
retry() {
  local tries="$1" try=1 pause=1
  shift
  until "$@"; do
    if ((try >= tries)); then return 1; fi
    say "try $try of $tries failed, again in $pause s: $1 $2" >&2
    sleep "$pause"
    try=$((try + 1))
    pause=$((pause * 2 > 15 ? 15 : pause * 2))
  done
}

install_packages() {
  local packages=(docker awscli-2 xfsprogs)
  rpm -q "${packages[@]}" >/dev/null || retry 20 dnf install -y -q "${packages[@]}"
}

# The volume comes after the machine: it is attached to one that exists.
wait_for_device() {
  local begin="$SECONDS" waited
  [[ -e "$device" ]] || say "waiting for volume $VOLUME to be attached"
  until [[ -e "$device" ]]; do
    waited=$((SECONDS - begin))
    if ((waited > 900)); then fail "volume $VOLUME was not attached within 15 minutes"; fi
    if ((waited < 30)); then sleep 0.2; else sleep 2; fi
  done
}

# blkid ends with 0 when it knows what is there, with 2 when it finds nothing, with 8 when it finds several things.
# mkfs.xfs itself refuses a device with a known signature as long as -f is absent: the second guard of the data.
make_file_system() {
  local found=0
  blkid -p "$device" >/dev/null || found=$?
  case "$found" in
    0) ;;
    2)
      say "volume $VOLUME is empty: it gets a file system"
      mkfs.xfs -q -L nami-mongo "$device"
      ;;
    *) fail "blkid cannot tell what is on $device ($found): it is left as it is" ;;
  esac
}

# By UUID, for the order of device names changes between boots; nofail, so that a boot without the volume goes on.
mount_volume() {
  local uuid entry fstab="$root/etc/fstab"
  uuid="$(blkid -p -s UUID -o value "$device")" || uuid=""
  [[ -n "$uuid" ]] || fail "volume $VOLUME holds something that is no file system: it is left as it is"
  entry="UUID=$uuid $mount_point xfs defaults,noatime,nofail 0 2"
  touch "$fstab"
  if ! grep -qxF "$entry" "$fstab"; then
    { grep -v " $mount_point " "$fstab" || true; echo "$entry"; } >"$fstab.nami"
    mv "$fstab.nami" "$fstab"
    systemctl daemon-reload
  fi
  mkdir -p "$root$mount_point"
  # systemd may be mounting it at this very moment: then mount fails, and the mount is there.
  mountpoint -q "$root$mount_point" || mount "$root$mount_point" || mountpoint -q "$root$mount_point"
}

# A volume grows while it is in use; the file system on it only when it is told to. Mongo does not wait for that.
grow_file_system() {
  local words
  if ! words="$(xfs_growfs -d "$root$mount_point" 2>&1)"; then
    say "the file system stays as large as it is: ${words##*$'\n'}" >&2
  elif [[ "$words" == *"data blocks changed"* ]]; then
    say "the file system has grown with its volume"
  fi
}

# Four fifths of the machine's memory as it is now, in steps of 64 MB: it differs a little from kernel to kernel, and
# a new limit is a restart. mongod takes the size of its cache from this limit.
memory_mb() {
  awk '/^MemTotal:/ {print int($2 / 1024 * 0.8 / 64) * 64}' "$root/proc/meminfo"
}

# Only a database that is made anew takes the password; one that exists keeps its own. So the copy of an earlier boot
# will do when the Parameter Store is silent. The image's entry point reads the file as its user mongodb, not as root:
# it is readable to all, and the folder around it to root alone.
fetch_password() {
  local password tries=20
  [[ ! -s "$password_file" ]] || tries=2
  if password="$(retry "$tries" aws ssm get-parameter --region "$REGION" --name "$PARAMETER" --with-decryption \
    --query Parameter.Value --output text --cli-connect-timeout 5 --cli-read-timeout 10)"; then
    rm -f "$password_file.new"
    printf '%s' "$password" >"$password_file.new"
    chmod 444 "$password_file.new"
    mv -f "$password_file.new" "$password_file"
  elif ((tries == 20)); then
    exit 1
  else
    say "the password is that of an earlier boot"
  fi
}

fetch_image() {
  docker image inspect "$IMAGE" >/dev/null 2>&1 || retry 20 docker pull -q "$IMAGE" >/dev/null
}

inspect() {
  docker container inspect --format "$1" "$container"
}

# Where the container is as it should be, it is started if need be; else it is made anew, once all it needs is there.
# The label says what it was made with. `--mount` and not `-v`: it refuses a source that is missing, where `-v` would
# make an empty folder.
run_container() {
  local memory label run
  memory="${MEMORY_MB:-$(memory_mb)}"
  run=(
    --restart=always
    --publish "$PORT:27017"
    --memory "${memory}m"
    --ulimit nofile=64000:64000
    --stop-timeout 60
    --log-driver json-file --log-opt max-size=10m --log-opt max-file=5
    --mount "type=bind,source=$root$mount_point/db,target=/data/db"
    --mount "type=bind,source=$password_file,target=/run/secrets/mongo-password,readonly"
    --env MONGO_INITDB_ROOT_USERNAME=nami
    --env MONGO_INITDB_ROOT_PASSWORD_FILE=/run/secrets/mongo-password
  )
  label="${run[*]} $IMAGE"
  if [[ -s "$password_file" && "$(inspect '{{index .Config.Labels "nami.run"}}' 2>/dev/null)" == "$label" ]]; then
    start_container
    return
  fi
  fetch_password
  fetch_image
  if inspect '{{.Id}}' >/dev/null 2>&1; then
    say "Mongo is stopped, to run with other settings than before"
    docker stop -t 60 "$container" >/dev/null
    docker rm -v "$container" >/dev/null
  fi
  docker run -d --name "$container" --label "nami.run=$label" "${run[@]}" "$IMAGE" --auth >/dev/null
  say "Mongo is started on port $PORT with $memory MB"
  watch_container 5
}

start_container() {
  local status
  status="$(inspect '{{.State.Status}}')"
  case "$status" in
    running | restarting) watch_container 0 ;;
    *)
      docker start "$container" >/dev/null
      say "Mongo was $status and is started again"
      watch_container 5
      ;;
  esac
}

# Docker starts a server that ends at once again, for ever, without a word: watched for some seconds after a start.
watch_container() {
  local watched status restarts code first=""
  for ((watched = 0; watched < 30; watched++)); do
    read -r status restarts code < <(inspect '{{.State.Status}} {{.RestartCount}} {{.State.ExitCode}}')
    if [[ "$status" == restarting ]]; then explain "$code"; fi
    first="${first:-$restarts}"
    if ((watched >= $1 && restarts == first)); then return; fi
    sleep 1
  done
}

# 62 is mongod's EXIT_NEED_DOWNGRADE: the files were written by a version that this one cannot follow.
explain() {
  docker logs --tail 5 "$container" >&2 || true
  case "$1" in
    62) fail "the data on $VOLUME was written by another version than $IMAGE, which cannot read it: go back to that one" ;;
    137) fail "Mongo was killed (exit code 137), perhaps for want of memory: a larger instance type has more" ;;
    *) fail "Mongo ended (exit code $1), and Docker starts it again; what it says: docker logs $container" ;;
  esac
}

# Whoever comes second waits, and finds all done.
exec 9>"$root/run/nami-mongo.lock"
flock 9
install_packages
wait_for_device
make_file_system
mount_volume
grow_file_system
mkdir -p "$root$mount_point/db"
systemctl start docker
run_container
