#!/usr/bin/env bash
# The commands of a machine, for scripts that run on the local target. One function each; a command or an option that
# is not known here fails loudly, so that a script cannot seem to work.
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

# Asks the host, which is systemd, Docker and the kernel to this machine: a file of one word a line. The answer is a
# code and a text, on standard error when the code is not 0.
ask() {
  local requests="$NAMI_MACHINE/requests" file word code text
  for word in "$@"; do
    [[ "$word" != *$'\n'* ]] || fail "a line break in an argument"
  done
  file="$(mktemp "$requests/XXXXXXXX")" || fail "the machine is off"
  printf '%s\n' "$@" >"$file"
  mv "$file" "$file.request"
  until [[ -e "$file.answer" ]]; do
    [[ -d "$requests" ]] || fail "the machine is off"
    /bin/sleep 0.02
  done
  { read -r code; text="$(cat)"; } <"$file.answer"
  rm "$file.answer"
  if [[ "$code" == 0 ]]; then
    [[ -z "$text" ]] || printf '%s\n' "$text"
  else
    printf '%s\n' "$text" >&2
  fi
  exit "$code"
}

# What Amazon Linux has from the start; dnf adds to it. A package brings nothing but its name: its commands are here.
installed() {
  case "$1" in
    awscli-2 | xfsprogs) ;;
    *) [[ -e "$NAMI_MACHINE/packages/$1" ]] ;;
  esac
}

stand_in_rpm() {
  [[ $# -gt 1 && "$1" == "-q" ]] || unknown "$@"
  shift
  local package missing=0
  for package in "$@"; do
    if installed "$package"; then
      echo "$package"
    else
      echo "package $package is not installed"
      missing=$((missing + 1))
    fi
  done
  return "$missing"
}

stand_in_dnf() {
  [[ "$1 $2 $3" == "install -y -q" ]] || unknown "$@"
  shift 3
  local package
  mkdir -p "$NAMI_MACHINE/packages"
  for package in "$@"; do
    case "$package" in
      docker | awscli-2 | xfsprogs) touch "$NAMI_MACHINE/packages/$package" ;;
      *) fail "No match for argument: $package" ;;
    esac
  done
}

# A device is a link in the machine's /dev to the folder of a volume. Files in it say what it is: `size` in GiB, and
# `filesystem`, made by mkfs, UUID and size in GiB.
stand_in_blkid() {
  local device="${!#}" uuid
  [[ -s "$device/filesystem" ]] || exit 2
  read -r uuid _ <"$device/filesystem"
  case "$*" in
    "-p $device") echo "$device: UUID=\"$uuid\" TYPE=\"xfs\"" ;;
    "-p -s UUID -o value $device") echo "$uuid" ;;
    *) unknown "$@" ;;
  esac
}

stand_in_mkfs_xfs() {
  [[ $# == 4 && "$1 $2" == "-q -L" && ${#3} -le 12 ]] || unknown "$@"
  [[ -d "$4" ]] || fail "$4: No such device"
  [[ ! -s "$4/filesystem" ]] || fail "$4 appears to contain an existing filesystem (xfs)."
  # What is in the folder already has lost its file system in a power cut: it stays.
  mkdir -p "$4/data"
  put_filesystem "$4" "$(new_uuid) $(cat "$4/size")"
}

# Durably: the name of the file is on disk after what is in it.
put_filesystem() {
  echo "$2" >"$1/filesystem.new"
  to_disk "$1/filesystem.new"
  mv "$1/filesystem.new" "$1/filesystem"
  to_disk "$1"
}

# macOS can only bring everything to the disk.
to_disk() {
  sync "$1" 2>/dev/null || sync
}

new_uuid() {
  local hex
  hex="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
  echo "${hex:0:8}-${hex:8:4}-${hex:12:4}-${hex:16:4}-${hex:20:12}"
}

# Blocks of 4 KiB, as the real one counts them.
stand_in_xfs_growfs() {
  [[ $# == 2 && "$1" == "-d" ]] || unknown "$@"
  [[ -L "$2" ]] || fail "$2 is not a mounted XFS filesystem"
  local volume uuid had has
  volume="$(cd -P "$2" && cd .. && pwd)"
  read -r uuid had <"$volume/filesystem"
  has="$(cat "$volume/size")"
  if ((has <= ${had:-0})); then
    echo "data size unchanged, skipping" >&2
    return
  fi
  put_filesystem "$volume" "$uuid $has"
  echo "data blocks changed from $((${had:-0} * 262144)) to $((has * 262144))"
}

stand_in_mountpoint() {
  [[ $# == 2 && "$1" == "-q" ]] || unknown "$@"
  [[ -L "$2" ]]
}

# `mount TARGET`: the source stands in fstab, by UUID, as on a real machine.
stand_in_mount() {
  ask mount "$@"
}

stand_in_systemctl() {
  ask systemctl "$@"
}

stand_in_docker() {
  installed docker || fail "command not found" 127
  ask docker "$@"
}

# On AWS the password is readable to all in a folder of root's, for the image reads it as a user of its own. Here Mongo
# runs as the owner of the files.
stand_in_chmod() {
  if [[ $# == 2 && "$1" == 444 && "$2" == */etc/nami-mongo/password.new ]]; then set -- 400 "$2"; fi
  exec /bin/chmod "$@"
}

stand_in_systemd_tmpfiles() {
  [[ $# == 2 && "$1" == "--create" && -r "$2" ]] || unknown "$@"
}

stand_in_aws() {
  exec "$NAMI_NODE" "$NAMI_STAND_INS/aws.cjs" "$@"
}

# `flock FD`. macOS has none; a lock belongs to the open file, so one that Perl takes is the script's too.
stand_in_flock() {
  [[ $# == 1 && "$1" =~ ^[0-9]+$ ]] || unknown "$@"
  if [[ -x /usr/bin/flock ]]; then exec /usr/bin/flock "$1"; fi
  # shellcheck disable=SC2016
  exec perl -MFcntl=:flock -e 'open(my $lock, ">&=", $ARGV[0]) && flock($lock, LOCK_EX) or die "flock: $!\n"' "$1"
}

command="$1"
shift
handler="stand_in_${command//[.-]/_}"
declare -F "$handler" >/dev/null || unknown "$@"
"$handler" "$@"
