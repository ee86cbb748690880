import type { ErrorEntry } from "../runtime/coded-error";

/** What can go wrong with secrets, with presets, and with examples that are sent. Part of the catalogue in errors.ts. */
export const secretErrors = {
  PRESET_UNKNOWN: {
    exitCode: 2,
    message: 'There is no preset "{preset}".',
    hint: "{hint}",
  },
  PRESET_WITHOUT_EXAMPLE: {
    exitCode: 2,
    message: "{preset} has no example that could be sent: only its sender knows how its requests look.",
    hint: "nami verify show {preset}",
  },
  EVENT_REFUSED: {
    exitCode: 1,
    message: "{name}, which verifies {verify}, answered {status} to the {event} of {preset}: {body}",
    hint: "nami rejected {name}",
  },
  EXAMPLE_UNKNOWN: {
    exitCode: 2,
    message: "There is no example {event} of {preset}. There are: {known}",
    hint: "nami send {name} --preset {preset} --event {first}",
  },
  SEND_NEEDS_KEY: {
    exitCode: 2,
    message:
      "{preset} signs with a private key, and {name} has the public half alone. With a pair of your own you can try it out.",
    hint: "nami send {name} --preset {preset} --secret file:private-key.pem",
  },
  EVENT_CHANGES: {
    exitCode: 1,
    message: "The event {id} changes faster than it can be read: duplicates of it come in all the time.",
    hint: "run the command again in a while",
  },
  GATEWAY_UNREACHABLE: {
    exitCode: 1,
    message: "{url} did not answer: {reason}",
    hint: "nami status {name}",
  },
  REJECTED_UNKNOWN: {
    exitCode: 1,
    message: "No refused request of {name} in that time has the id {id}.",
    hint: "nami rejected {name} --since 14d",
  },
  SECRETS_FORGOTTEN: {
    exitCode: 1,
    message: "{name} had {flags}, which went with its last pipeline. Nothing was begun.",
    hint: 'nami up {name} {given}     (or "" for none)',
  },
  SECRET_UNUSED: {
    exitCode: 1,
    message: "{name} is deployed with --verify {verify}, which has no secret. Nothing was changed.",
    hint: "nami up {name} --verify github --secret @-",
  },
  SECRET_KNOWN: {
    exitCode: 1,
    message: "{name} has this secret already, as number {number}. Nothing was changed.",
    hint: "nami secret list {name}",
  },
  SECRET_UNKNOWN: {
    exitCode: 1,
    message: "{name} has no secret {secret}. Nothing was changed.",
    hint: "nami secret list {name}",
  },
  SECRET_LAST: {
    exitCode: 1,
    message: "{name} has no other secret: without one every request would be refused. Nothing was changed.",
    hint: "nami secret add {name} @-",
  },
  SECRET_TOO_LARGE: {
    exitCode: 2,
    message:
      "--{option}: what {from} gives is {have} bytes long; there is room for {limit} beside a function's other settings.",
    hint: "give a shorter one",
  },
  SECRET_MISSING: {
    exitCode: 2,
    message: "--{option} is to come from {from}, but {why}.",
    hint: "give it as @- (standard input), env:NAME or file:PATH",
  },
  SECRET_INVALID: {
    exitCode: 2,
    message: "--{option}: what {from} gives {problem}.",
    hint: "give it as @- (standard input), env:NAME or file:PATH",
  },
} as const satisfies Record<string, ErrorEntry>;
