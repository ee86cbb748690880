import type { Preset } from "../preset";
import meta from "./meta";

export default {
  ...meta,
  name: "facebook",
  title: "Facebook",
  docs: "https://developers.facebook.com/docs/graph-api/webhooks/getting-started/webhooks-for-pages",
} satisfies Preset;
