import { keyHeader } from "../../../runtime/verify/presets/api-key";
import type { Sender } from "../sender";

export const apiKey: Sender = {
  preset: "api-key",
  events: {
    event: ({ id, now }) => ({
      headers: { "webhook-id": id },
      body: { event: "created", at: now.toISOString(), data: { hello: "world" } },
    }),
  },
  sign: (_request, { key, settings = { scheme: "api-key" } }) => ({
    headers: { [keyHeader(settings)]: settings.prefix ? `${settings.prefix} ${key}` : key },
  }),
};
