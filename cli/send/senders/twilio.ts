import { createHash, createHmac, randomBytes } from "node:crypto";
import { signedForm } from "../../../runtime/verify/presets/twilio";
import type { Fresh, Sender, Signed, Unsigned } from "../sender";

const FORM = "application/x-www-form-urlencoded";
const account = "ACXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";

const headers = ({ id }: Fresh) => ({
  "user-agent": "TwilioProxy/1.1",
  "i-twilio-idempotency-token": id,
});

/** A form is signed itself; of anything else the hash goes into the URL. */
function sign({ url, headers: given, body }: Unsigned, key: string): Signed {
  const form = given["content-type"]?.startsWith(FORM);
  const signed = new URL(url);
  if (!form) signed.searchParams.set("bodySHA256", createHash("sha256").update(body).digest("hex"));
  const text = form ? url + signedForm(body.toString()) : signed.href;
  const signature = createHmac("sha1", key).update(text).digest("base64");
  return { headers: { "x-twilio-signature": signature }, url: form ? url : signed.href };
}

export const twilio: Sender = {
  preset: "twilio",
  makeKey: () => {
    const secret = randomBytes(16).toString("hex");
    return { secret, key: secret };
  },
  sign: (request, { key }) => sign(request, key),
  events: {
    message: (fresh) => ({
      headers: headers(fresh),
      contentType: FORM,
      body: new URLSearchParams({
        ToCountry: "US",
        MessageSid: `SM${fresh.id.replaceAll("-", "")}`,
        AccountSid: account,
        From: "+14155551234",
        To: "+18005551212",
        Body: "Hello, world & everybody",
        NumMedia: "0",
        NumSegments: "1",
        SmsStatus: "received",
        ApiVersion: "2010-04-01",
      }).toString(),
    }),
    "com.twilio.messaging.message.delivered": (fresh) => ({
      headers: headers(fresh),
      body: [
        {
          specversion: "1.0",
          type: "com.twilio.messaging.message.delivered",
          source: `/2010-04-01/Accounts/${account}/Messages/SM${fresh.id.replaceAll("-", "")}.json`,
          id: `EZ${fresh.id.replaceAll("-", "")}`,
          time: fresh.now.toISOString(),
          datacontenttype: "application/json",
          data: { accountSid: account, messageStatus: "DELIVERED", to: "+18005551212" },
        },
      ],
    }),
  },
};
