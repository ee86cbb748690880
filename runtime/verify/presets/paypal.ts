import { X509Certificate } from "node:crypto";
import { crc32 } from "node:zlib";
import { fittingKey } from "../equal";
import { type Ask, accepted, type Checked, type Preset, refused } from "../preset";
import { signedWith } from "../public-key";

const CERTIFICATE_URL = /^https:\/\/api\.(sandbox\.)?paypal\.com\/v1\/notifications\/certs\/[\w-]{1,100}$/;

/** Certificates by their URL, one fetch each; PayPal has a few at a time. */
const known = new Map<string, X509Certificate>();
const MOST_KNOWN = 16;

const isPayPals = ({ subject }: X509Certificate) => /^CN=[\w.-]+\.paypal\.com$/im.test(subject);

/**
 * What PayPal's own libraries look at: the name, the dates, the issuer, see
 * https://github.com/paypal/PayPal-Python-SDK/blob/master/paypalrestsdk/notifications.py. Which root is trusted is TLS's
 * matter here: the text came from paypal.com. A text says what is wrong; throws what the parser throws.
 */
function signerOf(text: string): X509Certificate | string {
  const pems = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const chain = pems.slice(0, 5).map((pem) => new X509Certificate(pem));
  const signer = chain.find(isPayPals);
  if (!signer) return "the certificate is not PayPal's";
  const issuers = chain.filter((each) => each !== signer);
  const issued = issuers.some((each) => signer.checkIssued(each) && signer.verify(each.publicKey));
  if (issuers.length > 0 && !issued) return "the certificate was not made by one that is with it";
  return signer.publicKey.asymmetricKeyType === "rsa" ? signer : "the certificate has no RSA key";
}

/** What is not good is not kept: perhaps it was an error page, and is fetched again. Throws what the fetch throws. */
async function certificateAt(url: string, ask: Ask): Promise<X509Certificate | string> {
  const before = known.get(url);
  const signer = before ?? signerOf(await ask.fetchText(url));
  if (typeof signer === "string") return signer;
  const valid = Date.parse(signer.validFrom) <= ask.now && ask.now <= Date.parse(signer.validTo);
  if (!valid) return "the certificate is not valid at this time";
  if (!before) {
    if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value!);
    known.set(url, signer);
  }
  return signer;
}

async function check(ask: Ask): Promise<Checked> {
  const { headers, raw } = ask.request;
  const of = (name: string) => headers[`paypal-${name}`] ?? "";
  for (const name of ["transmission-id", "transmission-time", "transmission-sig", "cert-url", "auth-algo"])
    if (!of(name)) return refused(`the header paypal-${name} is missing`);
  if (of("auth-algo") !== "SHA256withRSA") return refused("paypal-auth-algo is not SHA256withRSA");
  const url = of("cert-url");
  if (!CERTIFICATE_URL.test(url)) return refused("paypal-cert-url is not one of PayPal's certificates");
  const signer = await certificateAt(url, ask);
  if (typeof signer === "string") return refused(signer);
  const key = fittingKey(ask.keys, (webhook) => {
    const signed = [of("transmission-id"), of("transmission-time"), webhook, crc32(raw)].join("|");
    return signedWith(signer.publicKey, of("transmission-sig"), Buffer.from(signed));
  });
  return key === null ? refused("the signature does not fit the webhook id and the body") : accepted(key);
}

export default {
  name: "paypal",
  title: "PayPal",
  docs: "https://developer.paypal.com/api/rest/webhooks/rest/",
  // The pages have headers and a body, but not the certificate that they were signed with.
  checkedAgainst: null,
  secret: "The webhook's id, as the app's page in the Developer Dashboard shows it.",
  // By its CRC-32: a change is noticed, but whoever has seen a signed event could make another body that fits.
  coversBody: true,
  // No tolerance: it is tried again for 3 days, and nothing says that it is signed anew then.
  check,
  id: ["body:/id"],
} satisfies Preset;
