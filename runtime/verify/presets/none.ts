import { accepted, type Preset } from "../preset";

/** Everything is accepted, and the CLI says *unverified* where it is used. */
export default {
  name: "none",
  title: "No verification",
  docs: "https://github.com/nami-webhooks/nami/blob/main/docs/verification.md",
  checkedAgainst: "nothing to check",
  coversBody: false,
  check: () => accepted(null),
  id: [],
} satisfies Preset;
