import assert from "node:assert/strict";
import type { VerifySettings } from "../../../../runtime/verify/preset";
import { presetNamed } from "../../../../runtime/verify/presets";
import { verify } from "../../../../runtime/verify/verify";
import { numbered, requestOf, verifierOf } from "../../../support/signed";

/** An example of a provider's own, with the signature that the provider says it has. */
interface Vector {
  preset: string;
  from: string;
  secret: string;
  headers: Record<string, string>;
  body: string;
  /** Seconds since the epoch, of what has a time signed. */
  at?: number;
  settings?: Partial<VerifySettings>;
}

const ATLASSIAN = {
  secret: "It's a Secret to Everybody",
  headers: {
    "x-hub-signature": "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9",
  },
  body: "Hello World!",
};

const VECTORS: Vector[] = [
  {
    preset: "github",
    from: "https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation",
    secret: "It's a Secret to Everybody",
    headers: {
      "x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
    },
    body: "Hello, World!",
  },
  {
    preset: "slack",
    from: "https://docs.slack.dev/authentication/verifying-requests-from-slack",
    secret: "8f742231b10e8888abcd99yyyzzz85a5",
    headers: {
      "x-slack-request-timestamp": "1531420618",
      "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    },
    body: "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
    at: 1531420618,
  },
  {
    preset: "bitbucket",
    from: "https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/",
    ...ATLASSIAN,
  },
  {
    preset: "jira",
    from: "https://developer.atlassian.com/cloud/jira/platform/webhooks/",
    ...ATLASSIAN,
  },
  ...["standard-webhooks", "svix"].map((preset) => ({
    preset,
    from: "https://docs.svix.com/receiving/verifying-payloads/how-manual",
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    headers: {
      "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "svix-timestamp": "1614265330",
      "svix-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
    body: '{"test": 2432232314}',
    at: 1614265330,
  })),
  {
    preset: "twilio",
    from: "https://github.com/TwilioDevEd/api-snippets/blob/master/security/signature_validation/signature_validation.2.x.js",
    secret: "12345",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
    },
    body: "To=%2B18005551212&Digits=1234&From=%2B14158675309&CallSid=CA1234567890ABCDE&Caller=%2B14158675309",
    settings: { url: "https://mycompany.com/myapp.php?foo=1&bar=2" },
  },
  {
    preset: "sendgrid",
    from: "https://github.com/sendgrid/sendgrid-nodejs/blob/main/packages/eventwebhook/src/eventwebhook.spec.js",
    secret:
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==",
    headers: {
      "x-twilio-email-event-webhook-timestamp": "1600112502",
      "x-twilio-email-event-webhook-signature":
        "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=",
    },
    body: '[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address","sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA","sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0","smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n',
  },
  {
    preset: "microsoft-graph",
    from: "https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks#change-notification-example",
    secret: "secretClientValue",
    headers: { "content-type": "application/json" },
    body: '{"value":[{"id":"lsgTZMr9KwAAA","subscriptionId":"{subscription_guid}","subscriptionExpirationDateTime":"2016-03-19T22:11:09.952Z","clientState":"secretClientValue","changeType":"created","resource":"users/{user_guid}@{tenant_guid}/messages/{long_id_string}","tenantId":"84bd8158-6d4d-4958-8b9f-9d6445542f95"}]}',
  },
];

for (const { preset: name, from, secret, headers, body, at = 1_700_000_000, settings } of VECTORS)
  describe(`the preset ${name} and the example of ${from}`, () => {
    const preset = presetNamed(name)!;
    const ask = (given: string, text: string) => {
      const query = new URL(settings?.url ?? "https://example.com").search.slice(1);
      const request = requestOf({ method: "POST", query, headers, body: Buffer.from(text) });
      return verify(verifierOf(preset, numbered(given), {}, settings), request, at * 1000);
    };

    it("agree on the signature", async () => {
      assert.deepEqual(await ask(secret, body).then((it) => (it.ok ? it.keyIndex : it.reason)), 1);
    });

    it("disagree with another secret and, where it is signed, with another body", async () => {
      assert.equal((await ask(name === "sendgrid" ? "MFkw" : `${secret}x`, body)).ok, false);
      if (preset.coversBody) assert.equal((await ask(secret, `${body}!`)).ok, false);
    });
  });
