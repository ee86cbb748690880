import { answer } from "../../answer";
import { equalText } from "../equal";
import { echo, queryValue } from "../handshake";
import { hmacPreset } from "../hmac";
import type { Ask, Shaken } from "../preset";

const no = (refused: string): Shaken => ({
  answer: answer(403, { ok: false, code: "NOT_VERIFIED" }),
  refused,
});

/** https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests */
function subscribe(ask: Ask): Shaken | undefined {
  if (queryValue(ask, "hub.mode") !== "subscribe") return undefined;
  const challenge = queryValue(ask, "hub.challenge");
  if (!challenge) return no("hub.challenge is missing");
  // Without one, anybody's app could subscribe this address.
  if (!ask.token) return no("no verify token is set: give it with --verify-token");
  const same = equalText(queryValue(ask, "hub.verify_token") ?? "", ask.token);
  return same ? echo(challenge) : no("hub.verify_token is not the verify token");
}

export default hmacPreset({
  name: "meta",
  title: "Meta",
  docs: "https://developers.facebook.com/docs/graph-api/webhooks/getting-started",
  // The pages have the formula, but no signature.
  checkedAgainst: null,
  secret: "The app's App Secret, under App settings, Basic.",
  token: "The Verify Token, as typed in the app's dashboard where the webhook is subscribed.",
  hmac: {
    algorithm: "sha256",
    header: "x-hub-signature-256",
    prefix: "sha256=",
    encoding: "hex",
    signed: "{body}",
  },
  // Up to 1000 changes come in one request, and a retry may have others with them.
  id: [],
  handshakes: [{ when: "open", method: "GET", answer: subscribe }],
});
