import assert from "node:assert/strict";
import type { Written } from "../../../infra/options";
import { checkOptions, resolve } from "../../../infra/resolve-options";
import { intakeSettings, verifySettings } from "../../../infra/verification";

const secret = "env:SECRET";
const URL_TOLD = "https://hooks.example.com/orders";
const HMAC = { verify: "hmac", secret, verifyHeader: "x-sig" };

/** The first error of each option that is wrong. */
function errors(written: Written): string[] {
  return checkOptions(written).map(({ option, message }) => `${option}: ${message}`);
}

describe("options of verification", () => {
  const fine: Written[] = [
    { verify: "github", secret },
    { verify: "meta", secret, verifyToken: "env:TOKEN" },
    { verify: "hmac", secret, verifyHeader: "x-sig", verifyEncoding: "base64", verifyPrefix: "v0=" },
    {
      ...{ verify: "hmac", secret, verifyHeader: "x-sig" },
      ...{ verifyTemplate: "{timestamp}.{header:x-id}.{body}", verifyTimestamp: "x-time" },
    },
    { verify: "api-key", secret, verifyHeader: "x-key", verifyPrefix: "Bearer" },
    { verify: "ip", verifyIps: "192.0.2.0/24, 2001:db8::1" },
    { verify: "custom", preQueue: "mine.ts" },
    { verify: "asana" },
    { verifyIps: "10.0.0.0/8", verifyEcho: "query:challenge", verifyId: "header:x-a+body:/b/c" },
    { successStatus: 202, successBody: "<Response/>", successType: "text/xml" },
    { successStatus: 204 },
    { verify: "discord", secret, successBody: "ok" },
    ...["gitlab", "sendgrid", "paypal", "discord"].map((verify) => ({
      verify,
      secret,
      verifyTolerance: "5d",
    })),
    ...["twilio", "hubspot", "square"].map((verify) => ({ verify, secret, verifyUrl: URL_TOLD })),
    { ...HMAC, verifyTemplate: "{method}{url}{body}", verifyUrl: URL_TOLD },
    { ...HMAC, verifyTemplate: "v0{timestamp}{method}{path}{body}", verifyTimestamp: "x-time" },
    { ...HMAC, verifyTemplate: "{header:x-id}.{body}:{timestamp}", verifyTimestamp: "x-time" },
    { ...HMAC, verifyTemplate: "{timestamp}{body}", verifyTimestamp: "x-time" },
    { ...HMAC, verifyTemplate: "{method}{path}{body}{timestamp}", verifyTimestamp: "x-time" },
  ];
  for (const written of fine)
    it(`${JSON.stringify(written)} is accepted`, () => assert.deepEqual(errors(written), []));

  const refused: [Written, RegExp][] = [
    [{ verify: "github" }, /^verify: github needs --secret .*webhook's secret/],
    [{ secret }, /^secret: needs --verify/],
    [{ verify: "ip", verifyIps: "10.0.0.1", secret }, /^secret: needs --verify/],
    [{ verify: "githup", secret }, /^verify: must be a name of `nami verify list`, not "githup"/],
    [{ verify: "github", secret: "plain" }, /^secret: is a secret and not taken from the command line/],
    [{ verify: "github", secret, verifyToken: "env:T" }, /^verifyToken: is nothing that --verify github has/],
    [{ verify: "hmac", secret }, /^verify: hmac needs --verify-header/],
    [{ verify: "github", secret, verifyHeader: "x-sig" }, /^verifyHeader: goes with --verify hmac/],
    [{ verifyEncoding: "base64" }, /^verifyEncoding: goes with --verify hmac/],
    [
      { verify: "hmac", secret, verifyHeader: "x", verifyTemplate: "{url}" },
      /^verifyTemplate: must hold \{body\}/,
    ],
    [{ verify: "hmac", secret, verifyHeader: "x", verifyTemplate: "{body}{bodi}" }, /^verifyTemplate: knows/],
    [
      { verify: "hmac", secret, verifyHeader: "x", verifyTemplate: "{timestamp}.{body}" },
      /^verifyTemplate: .*needs --verify-timestamp/,
    ],
    [
      { verify: "hmac", secret, verifyHeader: "x", verifyTimestamp: "x-t" },
      /^verifyTimestamp: needs a --verify-temp/,
    ],
    [{ verify: "ip" }, /^verify: ip needs --verify-ips/],
    [{ verifyIps: "10.0.0.0/33" }, /^verifyIps: must be like/],
    [{ verifyIps: "localhost" }, /^verifyIps: must look like/],
    [{ verify: "github", secret, verifyTolerance: "1m" }, /^verifyTolerance: needs a time/],
    [{ verify: "custom" }, /^verify: custom needs --pre-queue/],
    [{ verifyId: "x-request-id" }, /^verifyId: must look like header:x-request-id/],
    [{ verifyEcho: "challenge" }, /^verifyEcho: must look like/],
    [{ successStatus: 404 }, /^successStatus: must be a whole number, 200..299/],
    [{ successType: "text/xml" }, /^successType: needs --success-body/],
    [{ verifyUrl: "hooks.example.com" }, /^verifyUrl: must look like/],
    [{ verify: "github", secret, verifyUrl: URL_TOLD }, /^verifyUrl: .*github/],
    [{ verifyUrl: URL_TOLD }, /^verifyUrl: .*none/],
    [{ ...HMAC, verifyUrl: URL_TOLD }, /^verifyUrl: needs a --verify-template with \{url\}/],
    ...["meta", "facebook", "whatsapp", "instagram"].map((verify): [Written, RegExp] => [
      { verify, secret },
      new RegExp(`^verify: ${verify} needs --verify-token env:NAME, .*Verify Token`),
    ]),
    ...["{url}{timestamp}.{body}", "{timestamp}7{body}", "{body}.7{timestamp}"].map(
      (verifyTemplate): [Written, RegExp] => [
        { ...HMAC, verifyTemplate, verifyTimestamp: "x-time" },
        /^verifyTemplate: /,
      ],
    ),
    ...[
      "{header:x-id}{body}",
      "{body}{header:x-id}",
      "{header:x-a}{header:x-b}.{body}",
      "{url}{header:x-id}.{body}",
      "{header:x-id}{path}{body}",
      "{body}{body}",
    ].map((verifyTemplate): [Written, RegExp] => [{ ...HMAC, verifyTemplate }, /^verifyTemplate: /]),
    ...[204, 205].map((successStatus): [Written, RegExp] => [
      { successStatus, successBody: "ok" },
      new RegExp(`^successBody: .*${successStatus}`),
    ]),
  ];
  for (const [written, expected] of refused)
    it(`${JSON.stringify(written)} is refused for ${String(expected)}`, () => {
      const found = errors(written);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0]!, expected);
    });

  it("a function's settings hold what its preset reads, and nothing else", () => {
    const settings = (written: Written) => ({ name: "demo", ...resolve(written) }) as never;
    assert.deepEqual(verifySettings(settings({ verify: "stripe", secret, verifyTolerance: "1m" })), {
      scheme: "stripe",
      tolerance: 60,
    });
    assert.deepEqual(verifySettings(settings({ verify: "hmac", secret, verifyHeader: "X-Sig" })), {
      scheme: "hmac",
      header: "X-Sig",
      encoding: "hex",
      algorithm: "sha256",
    });
    assert.deepEqual(intakeSettings(settings({ successStatus: 202 })), {
      verification: { scheme: "none" },
      success: { status: 202 },
    });
  });
});
