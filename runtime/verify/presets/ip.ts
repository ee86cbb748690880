import { accepted, type Preset, refused } from "../preset";

/** Every preset refuses who is not in a list that is set; this one has nothing else, so that it must be set. */
export default {
  name: "ip",
  title: "Addresses alone",
  docs: "https://www.rfc-editor.org/rfc/rfc4632",
  checkedAgainst: "nothing to check",
  coversBody: false,
  check: ({ settings }) =>
    settings.ips === undefined ? refused("no list of addresses is set: ip needs one") : accepted(null),
  id: [],
} satisfies Preset;
