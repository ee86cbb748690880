import type { Preset } from "../preset";
import meta from "./meta";

export default {
  ...meta,
  name: "whatsapp",
  title: "WhatsApp",
  docs: "https://developers.facebook.com/docs/whatsapp/cloud-api/guides/set-up-webhooks",
} satisfies Preset;
