import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { senderOf } from "../../../../cli/send/senders";
import { presetNamed, presets } from "../../../../runtime/verify/presets";
import { deployed, json, question, type } from "../../../support/deployed";
import { makeKey, NOW, signedParts } from "../../../support/signed";

/** By preset: what is tested of each that answers only who has signed. */
const told: Record<string, () => void> = {
  "aws-sns"() {
    it("opens SubscribeURL, and only then answers 200", async () => {
      const { ask, parts, fetched, sent } = question("aws-sns", "SubscriptionConfirmation");
      assert.equal((await ask(parts)).statusCode, 200);
      assert.equal(fetched.length, 2);
      assert.match(
        fetched[0]!,
        /^https:\/\/sns\.us-west-2\.amazonaws\.com\/SimpleNotificationService-\w+\.pem$/,
      );
      assert.match(
        fetched[1]!,
        /^https:\/\/sns\.us-west-2\.amazonaws\.com\/\?Action=ConfirmSubscription&TopicArn=arn/,
      );
      assert.equal(sent.length, 0);
    });

    it("answers 503 when SubscribeURL cannot be opened, so that SNS asks again", async () => {
      const { parts, secret } = question("aws-sns", "SubscriptionConfirmation");
      const [certificate] = Object.entries(parts.served);
      const { ask } = deployed("aws-sns", { secrets: [secret], served: Object.fromEntries([certificate!]) });
      assert.equal((await ask(parts)).statusCode, 503);
    });

    it("opens nothing for another topic, and nothing that is not signed", async () => {
      const { parts, secret } = question("aws-sns", "SubscriptionConfirmation");
      const changed = Buffer.from(parts.body.toString().replace("Action=Confirm", "Action=Publish"));
      for (const [secrets, body, most] of [
        [["arn:aws:sns:us-west-2:123456789012:Other"], parts.body, 0],
        [[secret], changed, 1],
      ] as const) {
        const fetched: string[] = [];
        const { ask } = deployed("aws-sns", { secrets: [...secrets], served: parts.served, fetched });
        assert.equal((await ask({ ...parts, body })).statusCode, 401);
        assert.ok(fetched.length <= most && fetched.every((url) => url.endsWith(".pem")), fetched.join());
      }
    });

    it("queues UnsubscribeConfirmation as an event, and opens nothing", async () => {
      const { ask, parts, fetched, sent } = question("aws-sns", "UnsubscribeConfirmation");
      assert.equal((await ask(parts)).statusCode, 200);
      assert.deepEqual([sent.length, fetched.length], [1, 1]);
    });
  },

  discord() {
    it("answers a webhook event's PING with an empty 204 of a content type", async () => {
      const { ask, parts, sent } = question("discord", "PING");
      const answer = await ask(parts);
      assert.deepEqual([answer.statusCode, answer.body || undefined], [204, undefined]);
      assert.equal(type(answer), "application/json");
      assert.equal(sent.length, 0);
    });

    it("answers 401 to a PING that is signed wrongly: Discord tries that, too", async () => {
      const { ask, parts } = question("discord", "PING", { secrets: [makeKey(senderOf("discord")!).secret] });
      assert.equal((await ask(parts)).statusCode, 401);
    });

    it("answers an interaction's PING with type 1, and an event with an empty 204", async () => {
      const sender = senderOf("discord")!;
      const { key, secret } = makeKey(sender);
      const ping = { ...sender, events: { PING: () => ({ body: { type: 1, id: "1", version: 1 } }) } };
      const { ask, sent } = deployed("discord", { secrets: [secret] });
      const answer = await ask(signedParts(ping, presetNamed("discord")!, { key }));
      assert.deepEqual(
        [answer.statusCode, answer.body, type(answer)],
        [200, '{"type":1}', "application/json"],
      );
      const event = await ask(
        signedParts(sender, presetNamed("discord")!, { key, event: "ENTITLEMENT_CREATE" }),
      );
      assert.deepEqual([event.statusCode, event.body], [204, undefined]);
      assert.equal(sent.length, 1);
    });
  },

  "event-grid"() {
    it("returns the validation code to a caller who knows the code", async () => {
      const { ask, parts, sent } = question("event-grid", "SubscriptionValidation");
      const answer = await ask(parts);
      const body = '{"validationResponse":"512d38b6-c7b8-40c8-89fe-f46f9e9622b6"}';
      assert.deepEqual([answer.statusCode, answer.body, type(answer)], [200, body, "application/json"]);
      assert.equal((await ask({ ...parts, query: "code=wrong" })).statusCode, 401);
      assert.equal(sent.length, 0);
    });
  },

  slack() {
    it("returns the challenge to Slack alone", async () => {
      const { ask, parts, sent } = question("slack", "url_verification");
      const answer = await ask(parts);
      const challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P";
      assert.deepEqual([answer.statusCode, answer.body, type(answer)], [200, challenge, "text/plain"]);
      assert.equal((await ask({ ...parts, headers: {} })).statusCode, 401);
      assert.equal(sent.length, 0);
    });
  },

  zoom() {
    it("encrypts plainToken with the secret that the question was signed with", async () => {
      const { parts, secret } = question("zoom", "endpoint.url_validation");
      const { ask, sent } = deployed("zoom", { secrets: ["another", secret] });
      const answer = await ask(parts);
      const plainToken = "qgg8vlvZRS6UYooatFL8Aw";
      const encryptedToken = createHmac("sha256", secret).update(plainToken).digest("hex");
      assert.deepEqual(JSON.parse(answer.body!), { plainToken, encryptedToken });
      assert.deepEqual([answer.statusCode, type(answer), sent.length], [200, "application/json", 0]);
    });

    it("encrypts nothing for others, and nothing that a signature is made of", async () => {
      const { ask, parts, secret } = question("zoom", "endpoint.url_validation");
      assert.equal((await ask({ ...parts, headers: {} })).statusCode, 401);
      const body = json({ event: "endpoint.url_validation", payload: { plainToken: `v0:${NOW / 1000}:{}` } });
      const sender = senderOf("zoom")!;
      const asking = { ...sender, events: { odd: () => ({ body: body.toString() }) } };
      const answer = await ask(signedParts(asking, presetNamed("zoom")!, { key: secret }));
      assert.ok(!answer.body?.includes("encryptedToken"), "it was encrypted");
    });
  },
};

describe("the signed handshake", () => {
  for (const [name, tests] of Object.entries(told)) describe(`of ${name}`, tests);

  it("is tested of every preset that has one", () => {
    const having = presets.filter(({ handshakes = [] }) =>
      handshakes.some(({ when }) => when === "verified"),
    );
    assert.deepEqual(having.map(({ name }) => name).sort(), Object.keys(told).sort());
  });
});
