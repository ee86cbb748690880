import { X509Certificate } from "node:crypto";
import { crc32 } from "node:zlib";
import { Certificates } from "../certificates";
import { decode } from "../encoding";
import { fittingKey } from "../equal";
import { type Ask, accepted, type Checked, type Preset, refused } from "../preset";
import { signedWith } from "../public-key";
import { parseTime, timeProblem } from "../tolerance";

const CERTIFICATE_URL = /^https:\/\/api\.(sandbox\.)?paypal\.com\/v1\/notifications\/certs\/[\w-]{1,100}$/;

const isPayPals = ({ subject }: X509Certificate) => /^CN=[\w.-]+\.paypal\.com$/im.test(subject);

/**
 * What PayPal's own libraries look at: the name, the dates, the issuer, see
 * https://github.com/paypal/PayPal-Python-SDK/blob/master/paypalrestsdk/notifications.py. Which root is trusted is TLS's
 * matter here: the text came from paypal.com. Throws when it is none of PayPal's.
 */
function signerOf(text: string): X509Certificate {
  const pems = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const chain = pems.slice(0, 5).map((pem) => new X509Certificate(pem));
  const signer = chain.find(isPayPals);
  if (!signer) throw new Error("the certificate is not PayPal's");
  const issuers = chain.filter((each) => each !== signer);
  const issued = issuers.some((each) => signer.checkIssued(each) && signer.verify(each.publicKey));
  if (issuers.length > 0 && !issued) throw new Error("the certificate was not made by one that is with it");
  if (signer.publicKey.asymmetricKeyType !== "rsa") throw new Error("the certificate has no RSA key");
  return signer;
}

const certificates = new Certificates(signerOf);

/** Looked at when that was asked for alone, so that a time in words of its own stops nobody who did not ask. */
function lateness(text: string, { settings, now }: Ask): string | undefined {
  if (settings.tolerance === undefined) return undefined;
  const time = parseTime(text, "iso");
  return time === undefined
    ? "paypal-transmission-time is not a time"
    : timeProblem(time, settings.tolerance, now);
}

async function check(ask: Ask): Promise<Checked> {
  const { headers, raw } = ask.request;
  const of = (name: string) => headers[`paypal-${name}`] ?? "";
  for (const name of ["transmission-id", "transmission-time", "transmission-sig", "cert-url", "auth-algo"])
    if (!of(name)) return refused(`the header paypal-${name} is missing`);
  if (of("auth-algo") !== "SHA256withRSA") return refused("paypal-auth-algo is not SHA256withRSA");
  const url = of("cert-url");
  if (!CERTIFICATE_URL.test(url)) return refused("paypal-cert-url is not one of PayPal's certificates");
  // Before anything is fetched: RSA of 2048 bits has 256 bytes.
  if ((decode(of("transmission-sig"), "base64")?.length ?? 0) < 256)
    return refused("paypal-transmission-sig is no signature");
  const signer = await certificates.at(url, ask);
  const valid = Date.parse(signer.validFrom) <= ask.now && ask.now <= Date.parse(signer.validTo);
  if (!valid) return refused("the certificate is not valid at this time");
  const key = fittingKey(ask.keys, (webhook) => {
    const signed = [of("transmission-id"), of("transmission-time"), webhook, crc32(raw)].join("|");
    return signedWith(signer.publicKey, of("transmission-sig"), Buffer.from(signed));
  });
  if (key === null) return refused("the signature does not fit the webhook id and the body");
  const late = lateness(of("transmission-time"), ask);
  return late === undefined ? accepted(key) : refused(late);
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
  // No tolerance unasked: it is tried again for 3 days, and nothing says that it is signed anew then.
  signsTime: true,
  check,
  id: ["body:/id"],
} satisfies Preset;
