import assert from "node:assert/strict";
import { adyen as sender } from "../../../../cli/send/senders/adyen";
import preset, { adyenMac, adyenText } from "../../../../runtime/verify/presets/adyen";
import { judged, numbered, type SignedParts, signedParts } from "../../../support/signed";

/** The example of https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures */
const DOCUMENTED = {
  key: "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056",
  text: "7914073381342284::TestMerchant:TestPayment-1407325143704:1130:EUR:AUTHORISATION:true",
  signature: "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=",
  item: {
    pspReference: "7914073381342284",
    merchantAccountCode: "TestMerchant",
    merchantReference: "TestPayment-1407325143704",
    amount: { value: 1130, currency: "EUR" },
    eventCode: "AUTHORISATION",
    success: "true",
  },
};

/** Of the tests of npm @adyen/api-library. */
const LIBRARY = {
  key: "DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00",
  signature: "ipnxGCaUZ4l8TUW75a71/ghd2Fe5ffvX0pV4TLTntIc=",
  item: {
    pspReference: "pspReference",
    originalReference: "originalReference",
    merchantAccountCode: "merchantAccount",
    merchantReference: "reference",
    amount: { currency: "EUR", value: 1000 },
    eventCode: "EVENT",
    success: "true",
  },
};

const post = (items: unknown): SignedParts => ({
  method: "POST",
  query: "",
  headers: { "content-type": "application/json" },
  body: Buffer.from(JSON.stringify({ live: "false", notificationItems: items })),
  signed: {},
  served: {},
});
const signedItem = (item: object, hmacSignature: unknown) => ({
  NotificationRequestItem: { ...item, additionalData: { hmacSignature } },
});

describe("Adyen's signatures", () => {
  it("are those of its documentation and of its library", async () => {
    assert.equal(adyenText(DOCUMENTED.item), DOCUMENTED.text);
    for (const { key, item, signature } of [DOCUMENTED, LIBRARY]) {
      assert.equal(adyenMac(key, adyenText(item))!.toString("base64"), signature);
      assert.ok((await judged(preset, numbered(key), post([signedItem(item, signature)]))).ok);
    }
  });

  it("must fit every item, all by one key", async () => {
    const right = signedItem(DOCUMENTED.item, DOCUMENTED.signature);
    const others = signedItem(LIBRARY.item, LIBRARY.signature);
    const keys = numbered(LIBRARY.key, DOCUMENTED.key);
    assert.ok((await judged(preset, keys, post([right, right]))).ok);
    const bad = [
      [right, others],
      [
        right,
        signedItem({ ...DOCUMENTED.item, amount: { value: 9, currency: "EUR" } }, DOCUMENTED.signature),
      ],
      [right, signedItem(DOCUMENTED.item, undefined)],
      [right, {}],
      [right, null],
      Array.from({ length: 101 }, () => right),
      [],
      {},
    ];
    for (const items of bad) assert.equal((await judged(preset, keys, post(items))).ok, false);
  });

  it("of platform webhooks cover the whole body", async () => {
    const { key } = DOCUMENTED;
    const parts = signedParts(sender, preset, { key, event: "balancePlatform.transfer.updated" });
    const result = await judged(preset, numbered(key), parts);
    assert.match(result.ok ? result.request.id : "", /^balancePlatform\.transfer\.updated:\w+:2$/);
    const body = Buffer.concat([parts.body, Buffer.from(" ")]);
    assert.equal((await judged(preset, numbered(key), { ...parts, body })).ok, false);
  });

  it("are not looked at in the body when the header is there", async () => {
    const parts = post([signedItem(DOCUMENTED.item, DOCUMENTED.signature)]);
    const headers = { ...parts.headers, HmacSignature: "AAAA" };
    assert.equal((await judged(preset, numbered(DOCUMENTED.key), { ...parts, headers })).ok, false);
  });

  it("need a key of hex digits", () => {
    assert.equal(preset.secretProblem(DOCUMENTED.key), undefined);
    assert.match(preset.secretProblem("secret") ?? "", /hex/);
  });
});
