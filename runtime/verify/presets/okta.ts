import { answer } from "../../answer";
import type { Preset } from "../preset";
import { checkKey, keyHeader } from "./api-key";

const CHALLENGE = /^[\x21-\x7e]{1,500}$/;

export default {
  name: "okta",
  title: "Okta event hooks",
  docs: "https://developer.okta.com/docs/concepts/event-hooks/",
  checkedAgainst: null,
  secret: "The hook's authentication secret: the whole value of the header that Okta sends.",
  coversBody: false,
  check: checkKey,
  // The same when Okta sends a second time.
  id: ["body:/eventId"],
  handshakes: [
    {
      // Asked once, when the hook is verified.
      when: "open",
      method: "GET",
      answer: ({ request }) => {
        const verification = request.headers["x-okta-verification-challenge"];
        if (verification === undefined || !CHALLENGE.test(verification)) return undefined;
        return { answer: answer(200, { verification }, { "x-content-type-options": "nosniff" }) };
      },
    },
  ],
  redact: (settings) => [`header:${keyHeader(settings)}`],
} satisfies Preset;
