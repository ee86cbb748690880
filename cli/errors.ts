import { type ErrorEntry, errorMaker } from "../runtime/coded-error";
import { awsErrors } from "./aws-errors";
import { secretErrors } from "./secret-errors";
import { stateErrors } from "./state-errors";

/** What can go wrong at the command line and around the engine. Codes never change their meaning; texts may. */
export const cliErrors = {
  ...stateErrors,
  ...secretErrors,
  USAGE: { exitCode: 2, message: "{problem}", hint: "nami help {verb}" },
  NAME_INVALID: {
    exitCode: 2,
    message: '"{name}" cannot be a name: {reason}.',
    hint: "nami up orders",
  },
  DEV_NO_CODE: {
    exitCode: 1,
    message: "{name} runs no code of your own that could be watched.",
    hint: "nami create {name} && nami up {name} --post-queue {name}/post-queue/index.ts",
  },
  DEV_NOT_OFFERED: {
    exitCode: 1,
    message: "{name} cannot be marked as changed by dev: only the engine reads {state}. Nothing was changed.",
    hint: "nami up {name}",
  },
  FILES_EXIST: {
    exitCode: 1,
    message: "{file} is there already. Nothing was made or changed.",
    hint: "nami create {name} --dir ANOTHER_FOLDER",
  },
  CANNOT_WRITE: {
    exitCode: 1,
    message: "{folder} cannot be made: {reason}",
    hint: "nami create {name} --dir ANOTHER_FOLDER",
  },
  NAME_UNKNOWN: {
    exitCode: 1,
    message: "There is no deployment named {name}. {known}",
    hint: "nami ls --all",
  },
  THROTTLE_STAYS: {
    exitCode: 1,
    message:
      "The throttle of all names is {was} requests a second. It can be changed, but AWS does not forget it again. Nothing was changed.",
    hint: "nami gateway set --target {target} --region {region} --throttle-rate 10000",
  },
  CANCELLED: {
    exitCode: 130,
    message: "Cancelled. What was done so far is kept; the same command goes on from there.",
    hint: "nami {command}",
  },
  LOCKED: {
    exitCode: 1,
    message: "{name} is being worked on by `nami {command}` (pid {pid} on {host}, since {since}).",
    hint: "wait for it to end, or stop it on {host}: kill {pid}",
  },
  ENGINE_NOT_FOUND: {
    exitCode: 1,
    message:
      "No Pulumi engine could be found or made. Tried, in this order:\n" +
      "  pulumi on PATH        {path}\n" +
      "  Nami's own tools      {tools}\n" +
      "  official download     {download}\n" +
      "  go build from source  {build}",
    hint: "install Pulumi {version} or newer (https://www.pulumi.com/docs/install/), or Go {go} or newer, and run the command again",
  },
  ENGINE_TOO_OLD: {
    exitCode: 1,
    message: "NAMI_ENGINE={path} is Pulumi {have}; Nami needs 3.x from {version} on.",
    hint: "unset NAMI_ENGINE",
  },
  ENGINE_UNUSABLE: {
    exitCode: 1,
    message: "NAMI_ENGINE={path} cannot be run: {reason}",
    hint: "unset NAMI_ENGINE",
  },
  OPERATOR_FAILED: {
    exitCode: 1,
    message: "The operator function of {name} says: {reason}",
    hint: "nami status {name}",
  },
  WATCHDOG_FAILED: {
    exitCode: 1,
    message: "The watchdog of {name}, which lets the worker work while MongoDB answers, says: {reason}",
    hint: "nami status {name}",
  },
  PARTS_MISSING: {
    exitCode: 1,
    message: "Parts of {name} that were deployed are not there any more, says {place}: {reason}",
    hint: "nami up {name} --refresh",
  },
  ASKING_FAILED: {
    exitCode: 1,
    message: "{name} could not be asked: {reason}",
    hint: "nami doctor",
  },
  LOCK_DAMAGED: {
    exitCode: 1,
    message: "The lock {file} cannot be read: {reason}.",
    hint: "{mend}",
  },
  EVENT_UNKNOWN: {
    exitCode: 1,
    message: "{name} has no event with the id {id}.",
    hint: "nami events {name}",
  },
  NAME_INCOMPLETE: {
    exitCode: 1,
    message: "The first `nami up {name}` did not come to its end.",
    hint: "nami up {name}",
  },
  PLACE_CHANGED: {
    exitCode: 1,
    message: "{name} lives with --{flag} {was}; a flag does not move it to {wanted}. Nothing was changed.",
    hint: "nami events {name} --all --json > {name}.jsonl && nami down {name} --purge && nami up {name} --{flag} {wanted}",
  },
  CONFIG_BROKEN: {
    exitCode: 1,
    message: "The kept config of {stack} cannot be read: {reason}",
    hint: "remove its Pulumi.{stack}.yaml under NAMI_HOME/work: it is taken from the state again",
  },
  VOLUME_SHRINKS: {
    exitCode: 1,
    message:
      "The volume of {name} has {was} GB: it can grow, not shrink to {wanted} GB. Nothing was changed.",
    hint: "nami up {name} --volume-size {was}",
  },
  VOLUME_STAYS: {
    exitCode: 1,
    message:
      "The volume of {name} is in {was}, with all its events: it cannot move to {wanted}. Nothing was changed.",
    hint: "nami up {name} --zone {was}",
  },
  MONGO_VERSION_REFUSED: {
    exitCode: 1,
    message:
      "The events of {name} are stored by MongoDB {was}; it cannot become {wanted}: {reason}. Nothing was changed.",
    hint: "nami up {name} --mongo-version {next}",
  },
  ARCHITECTURE_CHANGED: {
    exitCode: 1,
    message:
      "The MongoDB host of {name} runs an image for {from} on {was}; {wanted} is {to} and needs another image. Nothing was changed.",
    hint: "nami up {name} --instance-type {wanted} --upgrade-host",
  },
  PORTS_USED_UP: {
    exitCode: 1,
    message: "No port from {first} to {last} is free for this deployment's Mongo server.",
    hint: "nami up <name> --mongo-port PORT",
  },
  NOT_READY: {
    exitCode: 1,
    message: "{name} is deployed, but not ready: {stage} did not answer. {reason}",
    hint: "nami status {name}",
  },
  DEAD_LETTERS_LEFT: {
    exitCode: 1,
    message:
      "The dead-letter queue of {name} holds {count}: events that could not be stored. It is up, as before.",
    hint: "nami status {name} (or throw them away: nami down {name} --discard)",
  },
  MESSAGES_LEFT: {
    exitCode: 1,
    message: "Not all of {name} is stored: {count} still in the queue. It is up, as before.",
    hint: "nami down {name} --drain-timeout 600 (or throw them away: nami down {name} --discard)",
  },
  WAY_IN_CLOSED: {
    exitCode: 1,
    message:
      "Not all of {name} is stored, and it takes nothing in any more: the way in could not be opened again. {reason}",
    hint: "nami up {name}",
  },
  DELIVERY_PAUSED: {
    exitCode: 1,
    message:
      "{count} events of {name} wait in the queue, and nothing is taken out of it: {reason}. It is up, as before.",
    hint: "nami status {name} (or throw them away: nami down {name} --discard)",
  },
  CONFIRMATION_NEEDED: {
    exitCode: 2,
    message: "{question} Nobody is there to confirm that.",
    hint: "run it again with --yes",
  },
  NOT_CONFIRMED: { exitCode: 1, message: "Not confirmed. Nothing was changed.", hint: "nami ls --all" },
  STACK_LOCKED: {
    exitCode: 1,
    message:
      "The stack {stack} is locked by {user}@{host} (pid {pid}, since {since}), which is still running.",
    hint: "wait for it to end, or stop it: kill {pid}",
  },
  HOME_READ_ONLY: {
    exitCode: 1,
    message: "Nami cannot write where it must: {reason}",
    hint: "export NAMI_HOME=... (a folder of yours; now {home})",
  },
  ...awsErrors,
  RESOURCE_FAILED: { exitCode: 1, message: "{problems}", hint: "run the same command again with --verbose" },
  ENGINE_ENDED: {
    exitCode: 1,
    message:
      "The engine was ended from outside ({signal}) while it worked on {stack}. What it had asked for is looked for by the next run.",
    hint: "run the same command again",
  },
  ENGINE_FAILED: {
    exitCode: 1,
    message: "The engine could not work on {stack}: {reason}",
    hint: "run the same command again with --verbose",
  },
} as const satisfies Record<string, ErrorEntry>;

export const cliError = errorMaker(cliErrors);
