import presetOf, { hmacSchemeOf } from "../../../runtime/verify/presets/hmac";
import { hmacHeaders, type Sender } from "../sender";

/** The settings under which the example is signed, where the deployment has none of its own. */
export const HMAC_EXAMPLE = { scheme: presetOf.name, header: "x-signature", prefix: "sha256=" };

export const hmac: Sender = {
  preset: "hmac",
  events: {
    event: ({ id, now }) => ({
      headers: { "webhook-id": id },
      body: { event: "created", at: now.toISOString(), data: { hello: "world" } },
    }),
  },
  sign: (request, { settings = HMAC_EXAMPLE, ...signing }) => ({
    headers: hmacHeaders(hmacSchemeOf(settings), request, signing),
  }),
};
