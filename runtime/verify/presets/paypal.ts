import { X509Certificate } from "node:crypto";
import { crc32 } from "node:zlib";
import { fittingKey } from "../equal";
import { type Ask, accepted, type Checked, type Preset, refused } from "../preset";
import { signedWith } from "../public-key";

const CERTIFICATE_URL = /^https:\/\/api\.(sandbox\.)?paypal\.com\/v1\/notifications\/certs\/[\w-]{1,100}$/;

/** Certificates by their URL, one fetch each; PayPal has a few at a time. */
const known = new Map<string, readonly X509Certificate[]>();
const MOST_KNOWN = 16;

/** PEM, the signer's first and perhaps its issuers after it. Throws what the fetch and the parser throw. */
async function certificatesAt(url: string, ask: Ask): Promise<readonly X509Certificate[]> {
  const before = known.get(url);
  if (before) return before;
  const pems = (await ask.fetchText(url)).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  const chain = (pems ?? []).slice(0, 5).map((pem) => new X509Certificate(pem));
  // One that is not PayPal's is fetched again: perhaps it was only an error page.
  if (certificateProblem(chain, ask.now) !== undefined) return chain;
  if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value!);
  known.set(url, chain);
  return chain;
}

/**
 * PayPal's own libraries look at the name, the dates and the chain, see
 * https://github.com/paypal/PayPal-Python-SDK/blob/master/paypalrestsdk/notifications.py. Which root is trusted is TLS's
 * matter here: the text came from paypal.com.
 */
function certificateProblem(chain: readonly X509Certificate[], now: number): string | undefined {
  const [signer] = chain;
  if (!signer) return "PayPal's certificate cannot be read";
  const name = /^CN=(.+)$/m.exec(signer.subject)?.[1]?.toLowerCase() ?? "";
  if (!name.endsWith(".paypal.com")) return "the certificate is not PayPal's";
  for (const { validFrom, validTo } of chain)
    if (!(Date.parse(validFrom) <= now && now <= Date.parse(validTo)))
      return "the certificate is not valid at this time";
  const linked = chain.every((each, i) => {
    const issuer = chain[i + 1];
    return !issuer || (each.checkIssued(issuer) && each.verify(issuer.publicKey));
  });
  return linked ? undefined : "a certificate was not made by the one that follows";
}

async function check(ask: Ask): Promise<Checked> {
  const { headers, raw } = ask.request;
  const of = (name: string) => headers[`paypal-${name}`] ?? "";
  for (const name of ["transmission-id", "transmission-time", "transmission-sig", "cert-url", "auth-algo"])
    if (!of(name)) return refused(`the header paypal-${name} is missing`);
  if (of("auth-algo") !== "SHA256withRSA") return refused("paypal-auth-algo is not SHA256withRSA");
  const url = of("cert-url");
  if (!CERTIFICATE_URL.test(url)) return refused("paypal-cert-url is not one of PayPal's certificates");
  const chain = await certificatesAt(url, ask);
  const problem = certificateProblem(chain, ask.now);
  if (problem !== undefined) return refused(problem);
  const { publicKey } = chain[0]!;
  if (publicKey.asymmetricKeyType !== "rsa") return refused("the certificate has no RSA key");
  const key = fittingKey(ask.keys, (webhook) => {
    const signed = [of("transmission-id"), of("transmission-time"), webhook, crc32(raw)].join("|");
    return signedWith(publicKey, of("transmission-sig"), Buffer.from(signed));
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
