import { checkHmac, type HmacScheme } from "../hmac";
import { type Check, type Preset, refused } from "../preset";
import { requestUrl } from "../request-url";

const hmac: HmacScheme = {
  algorithm: "sha256",
  header: "x-hubspot-signature-v3",
  encoding: "base64",
  timestamp: { header: "x-hubspot-request-timestamp", unit: "ms", tolerance: 300 },
  signed: "{method}{url}{body}{timestamp}",
};

/** These and no others: the table of https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation */
const DECODED = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/** The URL as HubSpot signs it. */
export function hubspotUrl(url: string): string {
  return url.replace(DECODED, decodeURIComponent);
}

const check: Check = (ask) => {
  const { request, settings } = ask;
  // Without a body, URL and time stand side by side in what is signed: of another length, digits could change sides.
  if (!/^\d{13}$/.test(request.headers["x-hubspot-request-timestamp"] ?? ""))
    return refused("the header x-hubspot-request-timestamp is missing or not in milliseconds");
  const url = requestUrl(request, settings.url);
  const decoded = hubspotUrl(url);
  const rawQuery = /\?(.*)$/s.exec(decoded)?.[1] ?? "";
  const asSigned = { ...ask, request: { ...request, rawQuery }, settings: { ...settings, url: decoded } };
  const checked = checkHmac(hmac, asSigned);
  // HubSpot's own libraries sign the URL as it is: https://github.com/HubSpot/hubspot-api-nodejs
  return checked.ok || decoded === url ? checked : checkHmac(hmac, ask);
};

export default {
  name: "hubspot",
  title: "HubSpot",
  docs: "https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation",
  checkedAgainst: "npm @hubspot/api-client",
  secret: "The app's client secret, on its page under Auth.",
  coversBody: true,
  tolerance: hmac.timestamp!.tolerance,
  hmac,
  check,
  // A delivery has no id, and the eventId of an event in it is not promised to be unique.
  id: [],
} satisfies Preset;
