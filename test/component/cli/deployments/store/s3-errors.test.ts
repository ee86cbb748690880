import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { s3Error } from "../../../../../cli/deployments/store/s3-errors";
import { S3Store } from "../../../../../cli/deployments/store/s3-store";
import { s3Place } from "../../../../../cli/deployments/store/s3-url";
import type { CodedError } from "../../../../../runtime/coded-error";

/** S3's answers, word for word where they matter. */
const answers: Record<string, { status: number; headers?: Record<string, string>; body: string }> = {
  elsewhere: {
    status: 301,
    headers: { "x-amz-bucket-region": "eu-west-1" },
    body: "<Error><Code>PermanentRedirect</Code><Message>The bucket you are attempting to access must be addressed using the specified endpoint.</Message></Error>",
  },
  forbidden: {
    status: 403,
    body: "<Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/me is not authorized to perform: s3:ListBucket</Message></Error>",
  },
  unknown: {
    status: 403,
    body: "<Error><Code>InvalidAccessKeyId</Code><Message>The AWS Access Key Id you provided does not exist in our records.</Message></Error>",
  },
};

describe("what S3 says, for people", function () {
  this.timeout(20_000);
  let server: Server;
  let url: string;
  const environment = { ...process.env };

  before(async () => {
    server = createServer((request, response) => {
      const { status, headers, body } = answers[request.url!.split(/[/?]/)[1]!]!;
      response.writeHead(status, { "content-type": "application/xml", ...headers }).end(body);
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    url = `?region=us-east-1&endpoint=http://127.0.0.1:${port}&s3ForcePathStyle=true`;
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
  });
  after(() => {
    process.env = environment;
    server?.close();
  });

  const refused = async (bucket: string): Promise<CodedError> => {
    const store = new S3Store(`s3://${bucket}${url}`, {});
    return store.list("a/").then(
      () => assert.fail("it was let in"),
      (error: CodedError) => error,
    );
  };

  it("a bucket in another region: how to name the right one", async () => {
    const { code, message, hint } = await refused("elsewhere");
    assert.equal(code, "STATE_UNREACHABLE");
    assert.match(message, /must be addressed using the specified endpoint/);
    assert.match(hint, /^export NAMI_STATE='?s3:\/\/elsewhere\?region=eu-west-1/);
  });

  it("a bucket that one may not see, and a key that does not exist: S3's own reason, and the same question to AWS", async () => {
    for (const [bucket, reason] of [
      ["forbidden", /AccessDenied: User: arn:aws:iam::1:user\/me is not authorized/],
      ["unknown", /InvalidAccessKeyId: The AWS Access Key Id/],
    ] as const) {
      const { code, message, hint } = await refused(bucket);
      assert.equal(code, "STATE_UNREACHABLE");
      assert.match(message, reason);
      assert.match(hint, new RegExp(`^aws s3 ls s3://${bucket}/ --region us-east-1 --endpoint-url http`));
    }
  });

  it("no credentials at all is its own error", () => {
    const missing = Object.assign(new Error("Could not load credentials"), {
      name: "CredentialsProviderError",
    });
    assert.equal(
      (s3Error(missing, "s3://b", s3Place("s3://b", {})) as CodedError).code,
      "AWS_CREDENTIALS_MISSING",
    );
  });
});
