import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { answer } from "../../answer";
import { decode } from "../encoding";
import { fittingKey } from "../equal";
import { doesNotFit } from "../hmac";
import { jsonObject } from "../json-body";
import { type Ask, accepted, type Checked, type Preset, refused, type Shaken } from "../preset";
import { lateIfAsked } from "../tolerance";

/** The application's public key, 64 hex digits → key; undefined when it cannot be one. */
function publicKey(secret: string): KeyObject | undefined {
  const x = /^[0-9a-f]{64}$/i.test(secret) ? Buffer.from(secret, "hex").toString("base64url") : "";
  return x ? createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }) : undefined;
}

function check(ask: Ask): Checked {
  const { request, keys } = ask;
  const { "x-signature-ed25519": text = "", "x-signature-timestamp": timestamp = "" } = request.headers;
  if (!/^\d{1,16}$/.test(timestamp))
    return refused("the header x-signature-timestamp is missing or not a time");
  const signature = decode(text, "hex");
  if (signature?.length !== 64)
    return refused("the header x-signature-ed25519 is missing or not 64 bytes of hex");
  // Nothing stands between time and body in what is signed: a digit must not change sides.
  if (request.raw[0] !== 0x7b) return refused("the body is not a JSON object");
  const signed = Buffer.concat([Buffer.from(timestamp), request.raw]);
  const key = fittingKey(keys, (secret) => {
    const pub = publicKey(secret);
    return pub !== undefined && verify(null, signed, pub, signature);
  });
  if (key === null) return refused(doesNotFit(keys.length));
  const late = lateIfAsked(Number(timestamp) * 1000, ask);
  return late !== undefined ? refused(late) : accepted(key);
}

/**
 * Interactions ask with type 1, and want it back: https://docs.discord.com/developers/interactions/overview
 * Webhook events ask with type 0, and want nothing: https://docs.discord.com/developers/events/webhook-events.
 * There an event is type 1, too, with the event in it.
 */
function pong({ request }: Ask): Shaken | undefined {
  const { type, event } = jsonObject(request.raw);
  if (type === 1 && event === undefined) return { answer: answer(200, { type: 1 }) };
  return type === 0 ? { answer: answer(204, "", { "content-type": "application/json" }) } : undefined;
}

export default {
  name: "discord",
  title: "Discord",
  docs: "https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint-validating-security-request-headers",
  checkedAgainst: "npm discord-interactions",
  secret: "The application's Public Key, 64 hex digits, in the Developer Portal under General Information.",
  secretProblem: (secret) => (publicKey(secret) ? undefined : "must be a public key of 64 hex digits"),
  coversBody: true,
  signsTime: true,
  check,
  // An interaction has an id; of a webhook event the moment, to the microsecond, and whom it is about.
  id: [
    "body:/id",
    "body:/event/type+body:/event/timestamp+body:/event/data/id",
    "body:/event/type+body:/event/timestamp+body:/event/data/user/id",
  ],
  handshakes: [{ when: "verified", method: "POST", answer: pong }],
  // What webhook events want; an interaction is answered by code before the queue.
  success: { status: 204, body: "" },
} satisfies Preset;
