import { ID_RULE } from "../../runtime/delivery-id";
import { presets } from "../../runtime/verify/presets";
import { DAY, type Table } from "./declared";

const HEADER = /^[A-Za-z0-9][\w-]{0,99}$/;
const PLACE = /^(header:[\w-]+|query:[\w.-]+|body:(\/[^/+]+)+)$/;

/** Who may post, what of a request is its id, and what is answered. */
export const verification = {
  verify: {
    kind: "choice",
    choices: presets.map(({ name }) => name),
    default: "none",
    scope: "pipeline",
    text: "How requests are verified: the name of the provider, or a generic way; `nami verify list` tells them all.",
  },
  secret: {
    kind: "secret",
    scope: "pipeline",
    text: "The secret that signatures are made with; it takes the place of those before. To have two for a while: `nami secret add`.",
  },
  verifyToken: {
    kind: "secret",
    scope: "pipeline",
    text: "The verify token of meta's handshake, as you typed it there; meta, facebook, instagram and whatsapp need it.",
  },
  verifyTolerance: {
    kind: "duration",
    unit: "s",
    min: 1,
    // Longer than any provider tries again, perhaps with the first signature: PayPal does for three days.
    max: 7 * DAY,
    scope: "pipeline",
    text: "How far a signed time may be away from now; without it what the provider says, mostly 5m.",
  },
  verifyIps: {
    kind: "text",
    pattern: /^[0-9a-fA-F.:/, ]{3,2000}$/,
    example: "192.0.2.0/24,2001:db8::/32",
    scope: "pipeline",
    text: "Addresses that may post, whatever else is verified.",
  },
  verifyUrl: {
    kind: "text",
    pattern: /^https?:\/\/[^\s#]+$/,
    example: "https://hooks.example.com/orders",
    scope: "pipeline",
    text: "The URL as the provider has it, for those that sign it; without it as the request names its host.",
  },
  verifyId: {
    kind: "text",
    pattern: ID_RULE,
    example: "header:x-request-id or body:/event/id",
    scope: "pipeline",
    text: "Where the delivery id stands, by which duplicates are known; without it where the provider puts it.",
  },
  verifyHeader: {
    kind: "text",
    pattern: HEADER,
    example: "x-signature",
    scope: "pipeline",
    text: "Header of the signature (hmac) or of the key (api-key, `authorization` without it).",
  },
  verifyPrefix: {
    kind: "text",
    pattern: /^[\x21-\x7e]{1,50}$/,
    example: "sha256=",
    scope: "pipeline",
    text: "What stands before it in that header.",
  },
  verifyEncoding: {
    kind: "choice",
    choices: ["hex", "base64", "base64url"],
    default: "hex",
    scope: "pipeline",
    text: "How the signature is written (hmac).",
  },
  verifyAlgorithm: {
    kind: "choice",
    choices: ["sha256", "sha512", "sha384", "sha1"],
    default: "sha256",
    scope: "pipeline",
    text: "Hash of the signature (hmac).",
  },
  verifyTemplate: {
    kind: "text",
    pattern: /^[\x20-\x7e]{1,200}$/,
    example: "{timestamp}.{body}",
    scope: "pipeline",
    text: "What is signed (hmac); without it the body.",
  },
  verifyTimestamp: {
    kind: "text",
    pattern: HEADER,
    example: "x-timestamp",
    scope: "pipeline",
    text: "Header of the time that is signed along (hmac): seconds, milliseconds or ISO 8601 with its zone.",
  },
  verifyEcho: {
    kind: "text",
    pattern: PLACE,
    example: "query:challenge",
    scope: "pipeline",
    text: "A request that has this is answered with its value, as plain text; one that is verified is queued, too.",
  },
  successStatus: {
    kind: "integer",
    min: 200,
    max: 299,
    scope: "pipeline",
    text: "Status that a sender gets when its event is in the queue; without it what the provider wants, mostly 200.",
  },
  successBody: {
    kind: "text",
    pattern: /^[\s\S]{1,2000}$/,
    example: "ok",
    scope: "pipeline",
    text: "What it gets to read; without it JSON with the delivery id.",
  },
  successType: {
    kind: "text",
    pattern: /^[\w.+-]+\/[\w.+-]+(; ?charset=[\w-]+)?$/,
    example: "text/xml",
    scope: "pipeline",
    text: "Content type of that.",
  },
  codeSecrets: {
    kind: "secret",
    scope: "pipeline",
    text: "Secrets of your own code: JSON of names and values, or lines NAME=value. One at a time: `nami secret add --as NAME`.",
  },
} as const satisfies Table;
