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
    hint: "{hint}",
  },
  EXAMPLE_UNKNOWN: {
    exitCode: 2,
    message: "There is no example {event} of {preset}. There are: {known}",
    hint: "nami send {name} --preset {preset} --event {first}",
  },
  SEND_NEEDS_KEY: {
    exitCode: 2,
    message:
      "{preset} signs with a private key, and {name} has the public half alone. Give the private one with --secret file:PATH, " +
      "or make a pair of your own: its public half counts beside the provider's until you remove it.",
    hint: "{pair} | nami secret add {name} @- && nami send {name} --secret file:{preset}.pem",
  },
  SEND_CERTIFICATE: {
    exitCode: 2,
    message:
      "{name} checks {preset} by a certificate that it fetches from {title}: nobody else can sign for it, whatever the " +
      "--secret. A name that is not verified takes the example.",
    hint: "nami up {preset}-try && nami send {preset}-try --preset {preset}",
  },
  EVENT_CHANGES: {
    exitCode: 1,
    message: "The event {id} changes faster than it can be read: duplicates of it come in all the time.",
    hint: "nami events {name} {quoted}",
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
    message: "{name} had {flags}, which went with its last pipeline{orNone}. Nothing was begun.",
    hint: "{command}",
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
    message: "{what} is {have} bytes long; there is room for {limit} beside a function's other settings.",
    hint: "{hint}",
  },
  SECRET_MISSING: {
    exitCode: 2,
    message: "{what} is to come from {from}, but {why}.",
    hint: "{hint}",
  },
  SECRET_INVALID: {
    exitCode: 2,
    message: "{what} {problem}.",
    hint: "{hint}",
  },
} as const satisfies Record<string, ErrorEntry>;
