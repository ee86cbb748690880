import assert from "node:assert/strict";
import type { KeptStack } from "../../../../cli/deployments/state";
import { checkAccount } from "../../../../cli/operate/aws-credentials";
import { callerIdentity } from "../../../../cli/operate/caller-identity";
import type { AwsPlace } from "../../../../cli/operate/signed-call";
import type { CodedError } from "../../../../runtime/coded-error";
import { capturedIo } from "../../../support/captured-io";
import { type FakeSts, fakeSts, type StsAnswer } from "../../../support/fake-sts";
import { freePort } from "../../../support/home";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
/** Nothing of this machine's own. */
const NOWHERE = {
  AWS_CONFIG_FILE: "/nonexistent",
  AWS_SHARED_CREDENTIALS_FILE: "/nonexistent",
  AWS_EC2_METADATA_DISABLED: "true",
};

describe("the identity of the AWS caller", function () {
  this.timeout(20_000);
  let sts: FakeSts;
  let answer: StsAnswer;
  const before_ = { ...process.env };

  before(async () => {
    sts = await fakeSts(() => answer);
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
    Object.assign(process.env, NOWHERE, KEYS);
  });
  after(async () => {
    await sts?.close();
    process.env = before_;
  });

  const place = (url = sts.url): AwsPlace => ({
    ...{ home: "/none", target: "aws", region: "eu-central-1" },
    io: capturedIo({ env: { AWS_ENDPOINT_URL_STS: url } }),
  });
  const fails = (code: string, text: RegExp) => (error: unknown) => {
    const { code: actual, message } = error as CodedError;
    return actual === code && text.test(message);
  };

  it("is asked of STS with a signed request", async () => {
    answer = { account: "123456789012" };
    assert.deepEqual(await callerIdentity(place()), {
      account: "123456789012",
      arn: "arn:aws:iam::123456789012:user/me",
    });
    assert.match(
      sts.asked.at(-1)!,
      /^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE\/\d{8}\/eu-central-1\/sts\/aws4_request/,
    );
  });

  const refused: [string, string, string][] = [
    ["ExpiredToken", "The security token included in the request is expired", "AWS_CREDENTIALS_EXPIRED"],
    [
      "InvalidClientTokenId",
      "The security token included in the request is invalid.",
      "AWS_CREDENTIALS_INVALID",
    ],
    [
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match",
      "AWS_CREDENTIALS_INVALID",
    ],
    ["SignatureDoesNotMatch", "Signature expired: 20261122T101010Z is now earlier than", "AWS_CLOCK_WRONG"],
    ["Odd", "Something else", "AWS_CREDENTIALS_INVALID"],
  ];
  for (const [code, message, meant] of refused) {
    it(`is reported as ${meant} when STS answers ${code}: "${message}"`, async () => {
      answer = { status: 403, code, message };
      await assert.rejects(callerIdentity(place()), fails(meant, new RegExp(message)));
    });
  }

  it("cannot be asked where there is no network, which is told with the address", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await assert.rejects(callerIdentity(place(url)), (error: CodedError) => {
      assert.equal(error.code, "AWS_UNREACHABLE");
      assert.match(error.message, /ECONNREFUSED/);
      assert.ok(error.hint.includes(`curl -sI ${url}`));
      return true;
    });
  });

  it("cannot be asked without credentials", async () => {
    for (const key of Object.keys(KEYS)) delete process.env[key];
    try {
      await assert.rejects(callerIdentity(place()), fails("AWS_CREDENTIALS_MISSING", /credentials/i));
    } finally {
      Object.assign(process.env, KEYS);
    }
  });

  const stack = (more: Partial<KeptStack>): KeptStack => ({
    ...{
      project: "nami",
      stack: "orders",
      updatedAt: "",
      outputs: {},
      resources: [],
      pending: false,
      pendingCreates: [],
    },
    ...more,
  });
  const made = (account: string) => ({
    urn: "urn:x",
    type: "aws:sqs/queue:Queue",
    outputs: { arn: `arn:aws:sqs:eu-central-1:${account}:orders-1f` },
  });

  it("must be of the account that the stacks were deployed to, by an output or by any ARN", async () => {
    answer = { account: "123456789012" };
    await checkAccount(place(), [undefined, stack({}), stack({ resources: [made("123456789012")] })]);
    const other = "210987654321";
    for (const moved of [stack({ resources: [made(other)] }), stack({ outputs: { accountId: other } })]) {
      await assert.rejects(
        checkAccount(place(), [undefined, moved]),
        fails(
          "ACCOUNT_CHANGED",
          /^orders lives in the AWS account 210987654321; .* of 123456789012 \(arn:.*user\/me\)/,
        ),
      );
    }
    const gateway = stack({ project: "nami-gateway", stack: "aws-eu-central-1", resources: [made(other)] });
    await assert.rejects(
      checkAccount(place(), [gateway]),
      fails("ACCOUNT_CHANGED", /^the shared gateway aws-eu/),
    );
  });
});
