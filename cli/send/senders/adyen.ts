import { adyenMac, adyenText } from "../../../runtime/verify/presets/adyen";
import type { Fresh, Sender } from "../sender";

const headers = { "user-agent": "Adyen HttpClient 1.0" };
/** Adyen's references are of sixteen characters. */
const reference = ({ id }: Fresh) => id.replaceAll("-", "").slice(0, 16).toUpperCase();

const payment = (eventCode: string, fresh: Fresh, rest: object) => ({
  headers,
  contentType: "application/json; charset=utf-8",
  body: {
    live: "false",
    notificationItems: [
      {
        NotificationRequestItem: {
          additionalData: {},
          amount: { currency: "EUR", value: 1130 },
          eventCode,
          eventDate: `${fresh.now.toISOString().slice(0, 19)}+00:00`,
          merchantAccountCode: "TestMerchant",
          merchantReference: "TestPayment-1407325143704",
          paymentMethod: "visa",
          pspReference: reference(fresh),
          success: "true",
          ...rest,
        },
      },
    ],
  },
});

export const adyen: Sender = {
  preset: "adyen",
  events: {
    AUTHORISATION: (fresh) =>
      payment("AUTHORISATION", fresh, { operations: ["CANCEL", "CAPTURE", "REFUND"] }),
    CAPTURE: (fresh) => payment("CAPTURE", fresh, { originalReference: "8413547924770610" }),
    "balancePlatform.transfer.updated": (fresh) => ({
      headers,
      contentType: "application/json; charset=utf-8",
      body: {
        data: {
          balancePlatform: "YOUR_BALANCE_PLATFORM",
          id: `48POO45WGZ${reference(fresh).slice(0, 6)}`,
          reference: reference(fresh),
          sequenceNumber: 2,
          status: "authorised",
          type: "payment",
          amount: { currency: "EUR", value: 9000 },
        },
        environment: "test",
        timestamp: fresh.now.toISOString(),
        type: "balancePlatform.transfer.updated",
      },
    }),
  },
  sign({ body }, { key }) {
    const data = JSON.parse(body.toString());
    if (!data.notificationItems) {
      const headers = { hmacsignature: adyenMac(key, body)!.toString("base64"), protocol: "HmacSHA256" };
      return { headers };
    }
    for (const { NotificationRequestItem: item } of data.notificationItems)
      item.additionalData.hmacSignature = adyenMac(key, adyenText(item))!.toString("base64");
    return { headers: {}, body: Buffer.from(JSON.stringify(data)) };
  },
};
