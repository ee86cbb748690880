import assert from "node:assert/strict";
import { createPublicKey, sign } from "node:crypto";
import { awsSns as sender } from "../../../../cli/send/senders/aws-sns";
import preset, { snsHost, snsText } from "../../../../runtime/verify/presets/aws-sns";
import { verify } from "../../../../runtime/verify/verify";
import {
  judged,
  makeKey,
  NOW,
  numbered,
  requestOf,
  type SignedParts,
  signedParts,
  verifierOf,
} from "../../../support/signed";

const { key, secret } = makeKey(sender);
const pem = key.slice(key.indexOf("\n") + 1);
const right = (event?: string) => signedParts(sender, preset, { key, event });
const ask = (parts: SignedParts) => judged(preset, numbered(secret), parts);

type Message = Record<string, string>;

/** Changed, and perhaps signed again. */
function changed(parts: SignedParts, change: (message: Message) => object, hash?: string): SignedParts {
  const message = { ...change(JSON.parse(parts.body.toString())) } as Message;
  if (hash) message.Signature = sign(hash, Buffer.from(snsText(message)), pem).toString("base64");
  return { ...parts, body: Buffer.from(JSON.stringify(message)) };
}

describe("messages of SNS", () => {
  it("are accepted in both versions of the signature, and with no subject", async () => {
    const first = changed(right(), (all) => ({ ...all, SignatureVersion: "1" }), "sha1");
    assert.ok((await ask(first)).ok);
    const bare = changed(right(), ({ Subject: _, ...all }) => all, "sha256");
    assert.ok((await ask(bare)).ok);
  });

  it("are refused when the version is not the signature's", async () => {
    for (const version of ["1", "3", "toString", ""])
      assert.equal((await ask(changed(right(), (all) => ({ ...all, SignatureVersion: version })))).ok, false);
  });

  it("are refused when anything signed is changed", async () => {
    for (const event of Object.keys(sender.events)) {
      const names = Object.keys(JSON.parse(right(event).body.toString()));
      for (const name of names.filter((each) => !/^Signature/.test(each))) {
        const { ok } = await ask(changed(right(event), (all) => ({ ...all, [name]: `${all[name]}x` })));
        assert.equal(ok, false, `${event}: ${name}`);
      }
    }
  });

  it("do not cover MessageAttributes, and the preset says so", async () => {
    const more = changed(right(), (all) => ({
      ...all,
      MessageAttributes: { a: { Type: "String", Value: "x" } },
    }));
    assert.ok((await ask(more)).ok);
    assert.equal(preset.coversBody, false);
  });

  it("may have their certificate from SNS in the topic's region alone", async () => {
    const name = "SimpleNotificationService-0123456789abcdef.pem";
    const places = [
      `http://sns.us-west-2.amazonaws.com/${name}`,
      `https://sns.us-west-2.amazonaws.com:8443/${name}`,
      `https://sns.us-east-1.amazonaws.com/${name}`,
      `https://sns.us-west-2.amazonaws.com.example.com/${name}`,
      `https://user@sns.us-west-2.amazonaws.com/${name}`,
      `https://example.com/https://sns.us-west-2.amazonaws.com/${name}`,
      `https://sns.us-west-2.amazonaws.com/?Action=X&${name}`,
      `https://sns.us-west-2.amazonaws.com/${name}?x`,
      `https://sns.us-west-2.amazonaws.com/a/${name}`,
      `https://s3.us-west-2.amazonaws.com/${name}`,
      `//sns.us-west-2.amazonaws.com/${name}`,
      "",
    ];
    for (const place of places) {
      const parts = changed(right(), (all) => ({ ...all, SigningCertURL: place }), "sha256");
      const served = { [place]: Object.values(parts.served)[0]! };
      assert.equal((await ask({ ...parts, served })).ok, false, place);
    }
  });

  it("fetch their certificate once, and again when it could not be had", async () => {
    const pair = makeKey(sender);
    const parts = signedParts(sender, preset, { key: pair.key });
    const fetched: (string | undefined)[] = ["not a certificate", undefined, Object.values(parts.served)[0]];
    const fetchText = async () => fetched.shift() ?? assert.fail("nobody answers");
    const verifier = { ...verifierOf(preset, numbered(pair.secret)), fetchText };
    const results: boolean[] = [];
    for (let i = 0; i < 5; i++) results.push((await verify(verifier, requestOf(parts), NOW)).ok);
    assert.deepEqual(results, [false, false, true, true, true]);
    assert.equal(fetched.length, 0);
  });

  it("have a real certificate, and its key is what signs", () => {
    const [certificate] = Object.values(right().served);
    assert.match(certificate!, /^-----BEGIN CERTIFICATE-----/);
    const format = { format: "der", type: "spki" } as const;
    assert.deepEqual(createPublicKey(certificate!).export(format), createPublicKey(pem).export(format));
  });

  it("are of topics of every partition that webhooks can reach", () => {
    const hosts = {
      "arn:aws:sns:eu-central-1:123456789012:a": "sns.eu-central-1.amazonaws.com",
      "arn:aws:sns:eu-central-1:123456789012:a.fifo": "sns.eu-central-1.amazonaws.com",
      "arn:aws-cn:sns:cn-north-1:123456789012:a": "sns.cn-north-1.amazonaws.com.cn",
      "arn:aws-us-gov:sns:us-gov-west-1:123456789012:a": "sns.us-gov-west-1.amazonaws.com",
      "arn:aws:sns:evil.example/:123456789012:a": undefined,
      "arn:aws:sqs:eu-central-1:123456789012:a": undefined,
    };
    for (const [arn, host] of Object.entries(hosts)) {
      assert.equal(snsHost(arn), host);
      assert.equal(preset.secretProblem(arn) === undefined, host !== undefined);
    }
  });

  it("confirm no subscription at an address that is not of SNS in the topic's region", async () => {
    const { body } = right("SubscriptionConfirmation");
    const opened: string[] = [];
    const addresses = [
      "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription",
      "https://evil.example/?Action=ConfirmSubscription",
      "https://sns.us-west-2.amazonaws.com/?Action=Publish",
    ];
    for (const SubscribeURL of addresses) {
      const raw = Buffer.from(JSON.stringify({ ...JSON.parse(body.toString()), SubscribeURL }));
      const shaken = await preset.handshakes[0]!.answer({
        request: { raw },
        fetchText: async (url: string) => void opened.push(url),
      } as never);
      assert.equal(shaken?.refused, "SubscribeURL is not of SNS");
      assert.equal(shaken?.answer.statusCode, 400);
    }
    assert.deepEqual(opened, []);
  });
});
