import { createHmac } from "node:crypto";
import { answer } from "../../answer";
import { queryValue } from "../handshake";
import { checkHmac, type HmacScheme } from "../hmac";
import { type Ask, type Preset, refused, type Shaken } from "../preset";

const hmac: HmacScheme = {
  algorithm: "sha256",
  header: "x-twitter-webhooks-signature",
  prefix: "sha256=",
  encoding: "base64",
  signed: "{body}",
};

/** What X asks with: base64 or a word. Never a JSON object, see `check`. */
const CRC_TOKEN = /^[A-Za-z0-9+/=_.-]{1,200}$/;

/**
 * Whoever asks gets the token signed with the very secret, and in the very way, that events are signed with. So no body
 * may pass that could have been a token: the check wants a JSON object, and no token begins like one.
 */
function challenge(ask: Ask): Shaken | undefined {
  const token = queryValue(ask, "crc_token");
  if (token === undefined) return undefined;
  const [key] = ask.keys;
  if (!key)
    return {
      answer: answer(403, { ok: false, code: "NOT_VERIFIED" }),
      refused: "no secret is set: X needs an answer signed with it",
    };
  if (!CRC_TOKEN.test(token))
    return {
      answer: answer(400, { ok: false, code: "NOT_VERIFIED" }),
      refused: "crc_token is not of X's form",
    };
  const signed = createHmac(hmac.algorithm, key).update(token).digest("base64");
  return { answer: answer(200, { response_token: `sha256=${signed}` }) };
}

export default {
  name: "x",
  title: "X (Twitter)",
  docs: "https://docs.x.com/x-api/webhooks/quickstart",
  // The pages have code and tokens, but no secret with its signature.
  checkedAgainst: null,
  secret: "The app's consumer secret (API key secret), in the developer console.",
  coversBody: true,
  hmac,
  check: (ask) =>
    ask.request.raw[0] === 0x7b ? checkHmac(hmac, ask) : refused("the body is not a JSON object"),
  id: [],
  handshakes: [{ when: "open", method: "GET", answer: challenge }],
} satisfies Preset;
