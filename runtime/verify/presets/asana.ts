import { answer } from "../../answer";
import { hmacPreset } from "../hmac";

/** What goes back into a header. */
const HOOK_SECRET = /^[\w-]{8,200}$/;

export default hmacPreset({
  name: "asana",
  title: "Asana",
  docs: "https://developers.asana.com/docs/webhooks-guide",
  checkedAgainst: null,
  secret: "The X-Hook-Secret in Asana's answer to the call that made the webhook.",
  secretComesLater: true,
  hmac: { algorithm: "sha256", header: "x-hook-signature", encoding: "hex", signed: "{body}" },
  // Neither a delivery nor an event has an id.
  id: [],
  handshakes: [
    {
      // Each webhook of a receiver has a secret of its own, so that a further one must be answered, too. Who sends
      // back what was just sent tells nothing: events count only under a secret that was set.
      when: "open",
      method: "POST",
      answer: ({ request }) => {
        const secret = request.headers["x-hook-secret"];
        if (secret === undefined || !HOOK_SECRET.test(secret)) return undefined;
        const note = "set the X-Hook-Secret of Asana's answer to the call that made the webhook as a secret";
        return { answer: answer(200, undefined, { "x-hook-secret": secret }), note };
      },
    },
  ],
  redact: () => ["header:x-hook-secret"],
});
