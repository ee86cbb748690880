import { decode } from "../encoding";
import { equalBytes, fittingKey } from "../equal";
import { doesNotFit, type HmacScheme, hmacOf } from "../hmac";
import { type Ask, accepted, type Checked, type Preset, refused } from "../preset";

/** With one key; with several there is a header for each: x-docusign-signature-2, … */
const hmac: HmacScheme = {
  algorithm: "sha256",
  header: "x-docusign-signature-1",
  encoding: "base64",
  signed: "{body}",
};

/** An account has at most a hundred keys: https://developers.docusign.com/platform/webhooks/connect/hmac */
const HEADER = /^x-docusign-signature-(?:[1-9]\d?|100)$/;

function check({ request, keys }: Ask): Checked {
  const given = Object.entries(request.headers).filter(([name]) => HEADER.test(name));
  if (given.length === 0) return refused(`the header ${hmac.header} is missing`);
  const signatures = given
    .map(([, value]) => decode(value.trim(), hmac.encoding))
    .filter((each) => each !== undefined);
  if (signatures.length === 0) return refused(`no x-docusign-signature-… is ${hmac.encoding}`);
  const key = fittingKey(keys, (secret) => {
    const expected = hmacOf(hmac, secret, request, { url: "" });
    return expected !== undefined && signatures.map((each) => equalBytes(each, expected)).includes(true);
  });
  return key === null ? refused(doesNotFit(keys.length)) : accepted(key);
}

export default {
  name: "docusign",
  title: "Docusign Connect",
  docs: "https://developers.docusign.com/platform/webhooks/connect/validate",
  checkedAgainst: null,
  secret: "A Connect key of the account, under Settings, Connect, Connect Keys.",
  coversBody: true,
  hmac,
  check,
  // Docusign gives a delivery no id: one event of one envelope, or recipient, is made at one moment.
  id: [
    "body:/event+body:/data/envelopeId+body:/data/recipientId+body:/generatedDateTime",
    "body:/event+body:/data/envelopeId+body:/generatedDateTime",
  ],
} satisfies Preset;
