#!/usr/bin/env bash
# The commands of a machine, for a user-data script that runs on the local target. One function each; a command or an
# option that is not known here fails loudly, so that a script cannot seem to work.
# NAMI_SYSROOT: the machine's root folder. NAMI_MACHINE: the folder around it. State is files in both.
set -euo pipefail

unknown() {
  echo "$command: the local target does not know: $command $*" >&2
  exit 64
}

fail() {
  echo "$command: $1" >&2
  exit "${2:-1}"
}

# Packages are there already: what they bring is this file.
stand_in_dnf() {
  [[ "$1 $2" == "install -y" ]] || unknown "$@"
  shift 2
  local package
  for package in "$@"; do
    case "$package" in
      docker | awscli-2 | xfsprogs) echo "Package $package is already installed." ;;
      *) fail "No match for argument: $package" ;;
    esac
  done
}

# A device is a link in the machine's /dev to the folder of a volume; `filesystem` in it says what mkfs made.
stand_in_blkid() {
  local device="${!#}"
  [[ -d "$device" ]] || exit 2
  [[ -f "$device/filesystem" ]] || exit 2
  case "$*" in
    "-p $device") echo "$device: UUID=\"$(cat "$device/filesystem")\" TYPE=\"xfs\"" ;;
    "-p -s UUID -o value $device") cat "$device/filesystem" ;;
    *) unknown "$@" ;;
  esac
}

stand_in_mkfs_xfs() {
  [[ $# == 3 && "$1" == "-L" ]] || unknown "$@"
  [[ -d "$3" ]] || fail "$3: No such device"
  [[ ! -e "$3/filesystem" ]] || fail "$3 appears to contain an existing filesystem (xfs)."
  mkdir -p "$3/data"
  new_uuid >"$3/filesystem"
}

new_uuid() {
  local hex
  hex="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  echo "${hex:0:8}-${hex:8:4}-${hex:12:4}-${hex:16:4}-${hex:20:12}"
}

stand_in_mountpoint() {
  [[ $# == 2 && "$1" == "-q" ]] || unknown "$@"
  [[ -L "$2" ]]
}

# `mount TARGET`: the source stands in fstab, by UUID, as on a real machine.
stand_in_mount() {
  [[ $# == 1 && "$1" == "$NAMI_SYSROOT"/* ]] || unknown "$@"
  local target="${1#"$NAMI_SYSROOT"}" source where rest device
  while read -r source where rest; do
    [[ "$where" == "$target" && "$source" == UUID=* ]] || continue
    for device in "$NAMI_SYSROOT"/dev/disk/by-id/*; do
      if [[ "UUID=$(cat "$device/filesystem" 2>/dev/null)" == "$source" ]]; then
        rmdir "$1" || fail "$target: is not empty"
        ln -s "$(cd -P "$device" && pwd)/data" "$1"
        return
      fi
    done
    fail "can't find $source."
  done <"$NAMI_SYSROOT/etc/fstab"
  fail "$target: can't find in /etc/fstab."
}

stand_in_systemctl() {
  case "$*" in
    "daemon-reload") ;;
    "enable --now docker") touch "$NAMI_MACHINE/docker-is-on" ;;
    *) unknown "$@" ;;
  esac
}

stand_in_systemd_tmpfiles() {
  [[ $# == 2 && "$1" == "--create" && -r "$2" ]] || unknown "$@"
}

stand_in_udevadm() {
  [[ "$1" == "settle" ]] || unknown "$@"
}

stand_in_aws() {
  exec "$NAMI_NODE" "$NAMI_STAND_INS/aws.cjs" "$@"
}

stand_in_docker() {
  local verb="$1"
  shift
  [[ -f "$NAMI_MACHINE/docker-is-on" ]] || fail "Cannot connect to the Docker daemon. Is the docker daemon running?"
  case "$verb" in
    pull) docker_pull "$@" ;;
    ps) [[ $# == 0 ]] || unknown ps "$@"; docker_ps ;;
    rm) docker_rm "$@" ;;
    run) docker_run "$@" ;;
    *) unknown "$verb" "$@" ;;
  esac
}

docker_pull() {
  [[ $# == 1 ]] || unknown pull "$@"
  case "$1" in
    mongo:*) echo "Status: Image is up to date for $1" ;;
    *) fail "pull access denied for $1: the local target has Mongo only" ;;
  esac
}

docker_ps() {
  local container
  for container in "$NAMI_MACHINE"/containers/*.container; do
    [[ ! -e "$container" ]] || basename "$container" .container
  done
}

# The host stops the process when its file is gone, and takes the .running mark away when it has ended.
docker_rm() {
  local name="${!#}" waiting="$SECONDS"
  case "$*" in
    "-f $name" | "-f -v $name") ;;
    *) unknown rm "$@" ;;
  esac
  [[ -e "$NAMI_MACHINE/containers/$name.container" ]] || fail "No such container: $name"
  rm "$NAMI_MACHINE/containers/$name.container"
  while [[ -e "$NAMI_MACHINE/containers/$name.running" ]]; do
    ((SECONDS - waiting < 60)) || fail "could not stop container $name"
    /bin/sleep 0.05
  done
  echo "$name"
}

# Writes one `key=value` line for each option; the host reads them.
docker_run() {
  local name="" spec="" option value
  while [[ $# -gt 0 && "$1" == -* ]]; do
    option="$1"
    shift
    case "$option" in
      -d) continue ;;
      --*=*) value="${option#*=}"; option="${option%%=*}" ;;
      *) value="$1"; shift ;;
    esac
    [[ "$value" != *$'\n'* ]] || fail "a line break in $option"
    case "$option" in
      --name) name="$value" ;;
      --mount) check_mount "$value" ;;
      --publish | --memory | --env | --restart) ;;
      --ulimit | --stop-timeout | --log-driver | --log-opt) continue ;;
      *) unknown run "$option" ;;
    esac
    spec+="${option#--}=$value"$'\n'
  done
  [[ "$name" =~ ^[a-zA-Z0-9][a-zA-Z0-9_.-]*$ ]] || fail "the container needs a name"
  docker_pull "$1" >/dev/null
  spec+="image=$1"$'\n'
  shift
  for value in "$@"; do spec+="arg=$value"$'\n'; done
  mkdir -p "$NAMI_MACHINE/containers"
  local file="$NAMI_MACHINE/containers/$name.container"
  [[ ! -e "$file" ]] || fail "Conflict. The container name \"/$name\" is already in use." 125
  printf '%s' "$spec" >"$file.new"
  mv "$file.new" "$file"
  echo "$name"
}

check_mount() {
  local source="${1#type=bind,source=}"
  [[ "$source" != "$1" && "$source" == *,target=* ]] || unknown run --mount "$1"
  [[ -e "${source%,target=*}" ]] || fail "invalid mount config: bind source path does not exist: ${source%,target=*}" 125
}

command="$1"
shift
handler="stand_in_${command//[.-]/_}"
declare -F "$handler" >/dev/null || unknown "$@"
"$handler" "$@"
