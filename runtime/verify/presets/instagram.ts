import type { Preset } from "../preset";
import meta from "./meta";

export default {
  ...meta,
  name: "instagram",
  title: "Instagram",
  docs: "https://developers.facebook.com/docs/instagram-platform/webhooks",
} satisfies Preset;
