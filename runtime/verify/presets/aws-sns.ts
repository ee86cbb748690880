import { createPublicKey, verify } from "node:crypto";
import { answer } from "../../answer";
import { Certificates } from "../certificates";
import { decode } from "../encoding";
import { equalText, fittingKey } from "../equal";
import { jsonObject } from "../json-body";
import { type Ask, accepted, type Checked, type Preset, refused, type Shaken } from "../preset";

type Message = Record<string, unknown>;

/** The partition, the region. Partitions without the public internet are not reached by webhooks. */
const ARN = /^arn:(aws|aws-cn|aws-us-gov):sns:([a-z]{2}[a-z0-9-]{3,30}):\d{12}:[\w-]{1,256}(?:\.fifo)?$/;

const EVENT_FIELDS = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
const QUESTION_FIELDS = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
const FIELDS: Record<string, string[]> = {
  Notification: EVENT_FIELDS,
  SubscriptionConfirmation: QUESTION_FIELDS,
  UnsubscribeConfirmation: QUESTION_FIELDS,
};

/** SignatureVersion → what is hashed with. */
const HASHES: Record<string, string> = { "1": "sha1", "2": "sha256" };

const certificates = new Certificates((text) => createPublicKey(text));

/** Name and value, each on a line of its own: https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message-verify-message-signature.html */
export function snsText(message: Message): string {
  const names = FIELDS[String(message.Type)] ?? [];
  const present = names.filter((name) => typeof message[name] === "string");
  return present.map((name) => `${name}\n${message[name]}\n`).join("");
}

/** Where SNS of a topic's own region is; undefined when the text is no topic. */
export function snsHost(arn: string): string | undefined {
  const [, partition, region] = ARN.exec(arn) ?? [];
  return region && `sns.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}`;
}

/** An https address at that host and of that path, and nothing else: a query at SNS can be made to answer many things. */
function pinned(text: unknown, host: string, path: RegExp): URL | undefined {
  const url = typeof text === "string" && URL.canParse(text) ? new URL(text) : undefined;
  const fits = url?.origin === `https://${host}` && !url.username && !url.password && path.test(url.pathname);
  return fits ? url : undefined;
}

async function check(ask: Ask): Promise<Checked> {
  const message: Message = jsonObject(ask.request.raw);
  const { Type: type, TopicArn: topic, SignatureVersion: version, Signature: text } = message;
  if (typeof topic !== "string" || typeof type !== "string" || !Object.hasOwn(FIELDS, type))
    return refused("the body is no message of SNS");
  // Before anything is fetched: a stranger's message must cost nothing.
  const key = fittingKey(ask.keys, (arn) => equalText(arn, topic));
  const host = snsHost(topic);
  if (key === null || !host) return refused("the message is of another topic");
  const hash = Object.hasOwn(HASHES, String(version)) ? HASHES[String(version)] : undefined;
  const signature = typeof text === "string" ? decode(text, "base64") : undefined;
  // RSA of 2048 bits has 256 bytes.
  if (!hash || !signature || signature.length < 256)
    return refused("Signature or SignatureVersion in the body is not known");
  const address = pinned(message.SigningCertURL, host, /^\/SimpleNotificationService-[\w-]{1,100}\.pem$/);
  if (!address || address.search || address.hash)
    return refused("SigningCertURL is not of SNS in the topic's region");
  const publicKey = await certificates.at(address.href, ask);
  const fits = verify(hash, Buffer.from(snsText(message)), publicKey, signature);
  return fits ? accepted(key) : refused("the signature does not fit the message");
}

/** The subscription begins when its address is opened: https://docs.aws.amazon.com/sns/latest/dg/http-subscription-confirmation-json.html */
async function confirm({ request, fetchText }: Ask): Promise<Shaken | undefined> {
  const { Type: type, TopicArn: topic, SubscribeURL: text }: Message = jsonObject(request.raw);
  if (type !== "SubscriptionConfirmation") return undefined;
  const url = pinned(text, snsHost(String(topic)) ?? "", /^\/$/);
  if (url?.searchParams.get("Action") !== "ConfirmSubscription")
    return {
      answer: answer(400, { ok: false, code: "NOT_VERIFIED" }),
      refused: "SubscribeURL is not of SNS",
    };
  await fetchText(url.href);
  return { answer: answer(200), note: `the subscription to ${topic} is confirmed` };
}

export default {
  name: "aws-sns",
  title: "Amazon SNS",
  docs: "https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html",
  checkedAgainst: "npm sns-validator",
  secret:
    "The topic's ARN: arn:aws:sns:<region>:<account>:<name>. It is no secret, but only its messages are let in.",
  secretProblem: (secret) => (ARN.test(secret) ? undefined : "must be the ARN of a topic"),
  // The message is covered, its MessageAttributes are not.
  coversBody: false,
  check,
  // The same on a retry.
  id: ["body:/MessageId"],
  handshakes: [{ when: "verified", method: "POST", answer: confirm }],
} satisfies Preset;
