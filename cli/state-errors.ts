import type { ErrorEntry } from "../runtime/coded-error";

/** What can go wrong with state that several people share: reaching it, its lock, its secrets, its moves. Part of cli/errors.ts. */
export const stateErrors = {
  LOCK_LOST: {
    exitCode: 1,
    message:
      "The lock of {name} in the state was lost: {reason}. Nothing more was begun; what was in hand is recorded.",
    hint: "nami {command}",
  },
  PASSPHRASE_NEEDED: {
    exitCode: 1,
    message:
      "State outside NAMI_HOME is for several people: they need a passphrase that all of them know, or a key.",
    hint: "export PULUMI_CONFIG_PASSPHRASE=... (or, for a new state: --secrets-provider awskms://alias/...)",
  },
  PASSPHRASE_WRONG: {
    exitCode: 1,
    message: "The secrets of {stack} were encrypted with another passphrase.",
    hint: "export PULUMI_CONFIG_PASSPHRASE=... (or put the right file back: {home}/passphrase)",
  },
  SECRETS_KEY_UNUSABLE: {
    exitCode: 1,
    message: "The key that encrypts the secrets in {state} cannot be used: {reason}",
    hint: "aws sts get-caller-identity (who that is needs kms:Encrypt and kms:Decrypt on the key)",
  },
  SECRETS_PROVIDER_CHANGED: {
    exitCode: 1,
    message: "The secrets in {state} are encrypted with {was}, not with {wanted}. Nothing was changed.",
    hint: "nami state move --from '{state}' --to '{state}' --secrets-provider '{wanted}'",
  },
  STATE_UNREACHABLE: {
    exitCode: 1,
    message: "The state at {state} cannot be reached: {reason}",
    hint: "{check} (or name another place: --state URL)",
  },
  STATE_MOVING: {
    exitCode: 1,
    message: "The state at {from} is being moved to {to}, or that was interrupted.",
    hint: "nami state move --from '{from}' --to '{to}' (goes on; Ctrl+C in it leaves everything at the source)",
  },
  STATE_MOVED: {
    exitCode: 1,
    message: "The state at {state} was moved to {to}: nothing is here any more.",
    hint: "export NAMI_STATE='{to}'",
  },
  STATE_CHANGED: {
    exitCode: 1,
    message: "The state of {name} lies at {was}; a flag does not move it to {wanted}. Nothing was changed.",
    hint: "unset NAMI_STATE (or move all names: nami state move --from '{was}' --to '{wanted}')",
  },
  HOST_ELSEWHERE: {
    exitCode: 1,
    message: "{name} runs on {host}, as all local names in {state}: this machine has another host.",
    hint: "run the same command on {host} (is it gone for good: remove .nami/host.json from the state)",
  },
  STATE_EMPTY: {
    exitCode: 1,
    message: "There is nothing to move in the state at {state}.",
    hint: "nami ls --all --state '{state}'",
  },
  STATE_TAKEN: {
    exitCode: 1,
    message: "The state at {to} has {stacks} of its own already. Nothing was changed.",
    hint: "nami state show --state '{to}'",
  },
  STACK_UNSETTLED: {
    exitCode: 1,
    message: "The last operation on {stacks} was interrupted: what is true of it must be found out first.",
    hint: "nami up {name}",
  },
  COPY_DIFFERS: {
    exitCode: 1,
    message: "The copy of {stack} is not what was written. Everything is still at {from}.",
    hint: "nami state move --from '{from}' --to '{to}'",
  },
  MOVE_CANCELLED: {
    exitCode: 130,
    message: "Cancelled. {found}",
    hint: "nami state move --from '{from}' --to '{to}'",
  },
  STATE_INVALID: {
    exitCode: 2,
    message: "{state} cannot be a state: {problem}.",
    hint: "nami ls --state 's3://bucket/prefix?region=eu-central-1'",
  },
} as const satisfies Record<string, ErrorEntry>;
