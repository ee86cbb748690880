import { answer } from "../../answer";
import { hmacPreset } from "../hmac";
import { jsonObject } from "../json-body";

/** What a token may look like: it is copied from a log. */
const TOKEN = /^[\w-]{16,200}$/;

export default hmacPreset({
  name: "notion",
  title: "Notion",
  docs: "https://developers.notion.com/reference/webhooks",
  checkedAgainst: "npm @notionhq/client",
  secret: "The subscription's verification token, which Notion posts when the subscription is made.",
  secretComesLater: true,
  secretProblem: (secret) => (TOKEN.test(secret) ? undefined : "must be a token like secret_…"),
  hmac: {
    algorithm: "sha256",
    header: "x-notion-signature",
    prefix: "sha256=",
    encoding: "hex",
    signed: "{body}",
  },
  // The same on every attempt; https://developers.notion.com/reference/webhooks-events-delivery
  id: ["body:/id"],
  handshakes: [
    {
      // Unsigned, as its key is what it brings. Once there is a secret, nobody can offer another one.
      when: "open",
      method: "POST",
      answer: ({ request, keys }) => {
        if (keys.length > 0 || request.headers["x-notion-signature"] !== undefined) return undefined;
        const token = jsonObject(request.raw).verification_token;
        if (typeof token !== "string" || !TOKEN.test(token)) return undefined;
        return {
          answer: answer(200),
          note: `Notion's verification token is ${token}: paste it where Notion asks for it, then set it as the secret`,
        };
      },
    },
  ],
});
