import { createHash, createPublicKey, generateKeyPairSync, randomInt, sign } from "node:crypto";
import { snsHost, snsText } from "../../../runtime/verify/presets/aws-sns";
import { selfSigned } from "../self-signed";
import type { Fresh, Sender } from "../sender";

const YEAR_MS = 365 * 24 * 3600 * 1000;

/** What the provider has of a topic: its name, and the private key of the certificate, PEM. */
const partsOf = (key: string) => [key.slice(0, key.indexOf("\n")), key.slice(key.indexOf("\n") + 1)] as const;

const message = (type: string, { id, now }: Fresh, rest: object) => ({
  contentType: "text/plain; charset=UTF-8",
  headers: {
    "user-agent": "Amazon Simple Notification Service Agent",
    "x-amz-sns-message-type": type,
    "x-amz-sns-message-id": id,
  },
  body: JSON.stringify({ Type: type, MessageId: id, Timestamp: now.toISOString(), ...rest }, null, 2),
});

export const awsSns: Sender = {
  preset: "aws-sns",
  privateKey: "certificate",
  events: {
    Notification: (fresh) =>
      message("Notification", fresh, { Subject: "My First Message", Message: "Hello world!" }),
    SubscriptionConfirmation: (fresh) =>
      message("SubscriptionConfirmation", fresh, {
        Token:
          "2336412f37fb687f5d51e6e241d09c805a5a57b30d712f794cc5f6a988666d92768dd60a747ba6f3beb71854e285d6ad",
        Message:
          "You have chosen to subscribe to the topic.\nTo confirm the subscription, visit the SubscribeURL.",
      }),
    UnsubscribeConfirmation: (fresh) =>
      message("UnsubscribeConfirmation", fresh, {
        Token: "2336412f37fb687f5d51e6e2425e90cca2f5d3b8e7e6f7c0c7fa1d1a5ab9d4dbb1a5e2d1",
        Message:
          "You have chosen to deactivate the subscription.\nTo cancel this operation, visit the SubscribeURL.",
      }),
  },
  /** Topic, addresses and signature are of the key; the certificate is served where the message says. */
  sign({ body }, { key, now }) {
    const [topic, pem] = partsOf(key);
    const host = `https://${snsHost(topic)}`;
    const spki = createPublicKey(pem).export({ format: "der", type: "spki" });
    const at = `${host}/SimpleNotificationService-${createHash("sha256").update(spki).digest("hex").slice(0, 32)}.pem`;
    const { Token: token, ...rest } = JSON.parse(body.toString());
    const subscribe = `${host}/?Action=ConfirmSubscription&TopicArn=${topic}&Token=${token}`;
    const text = { ...rest, TopicArn: topic, ...(token && { Token: token, SubscribeURL: subscribe }) };
    const signature = sign("sha256", Buffer.from(snsText(text)), pem).toString("base64");
    const signed = { ...text, SignatureVersion: "2", Signature: signature, SigningCertURL: at };
    const certificate = selfSigned(pem, {
      common: "sns.amazonaws.com",
      from: now - YEAR_MS,
      to: now + YEAR_MS,
    });
    return {
      headers: {},
      body: Buffer.from(JSON.stringify(signed, null, 2)),
      served: { [at]: certificate, [subscribe]: "<ConfirmSubscriptionResponse/>" },
    };
  },
  makeKey() {
    const secret = `arn:aws:sns:us-west-2:123456789012:MyTopic${randomInt(1e9)}`;
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    return { secret, key: `${secret}\n${privateKey.export({ format: "pem", type: "pkcs8" })}` };
  },
};
