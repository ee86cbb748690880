import type { Preset } from "../preset";
import standard from "./standard-webhooks";

export default {
  ...standard,
  name: "svix",
  title: "Svix",
  docs: "https://docs.svix.com/receiving/verifying-payloads/how-manual",
  checkedAgainst: "npm svix",
} satisfies Preset;
