import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Request, sign } from "aws4";
import { createIam, type LocalIam } from "../../../../../local/host/iam/iam";
import type { Credentials, SignedRequest } from "../../../../../local/host/services";

const HOST = "127.0.0.1:4000";
const TRUST = {
  Statement: [
    { Effect: "Allow" as const, Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
  ],
};

/** A request as aws4, an implementation of its own, signs it. */
function signed(credentials: Credentials, more: Request = {}): SignedRequest {
  const request = sign(
    {
      service: "sqs",
      region: "eu-west-1",
      method: "POST",
      path: "/",
      body: "{}",
      ...more,
      headers: { Host: HOST, ...more.headers },
    },
    credentials,
  );
  const headers = Object.fromEntries(
    Object.entries(request.headers!).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  return {
    method: request.method!,
    url: request.path!,
    headers,
    body: Buffer.from(String(request.body ?? "")),
  };
}

describe("the check of Signature Version 4", () => {
  let dir: string;
  let iam: LocalIam;
  let now: number;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-iam-"));
    now = Date.now();
    iam = createIam({ dir, clock: { now: () => now } });
    iam.putRole("sender", TRUST);
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const refused = (request: SignedRequest, code: string, message = /./) =>
    assert.throws(() => iam.authenticate(request), { code, message });

  it("knows the administrator, and the service and region of the signature", () => {
    assert.deepEqual(iam.authenticate(signed(iam.administrator)), {
      identity: { arn: "arn:aws:iam::000000000000:user/nami" },
      service: "sqs",
      region: "eu-west-1",
    });
  });

  it("knows a role by its session token, also after a restart", () => {
    const credentials = iam.credentialsFor("sender", "lambda.amazonaws.com", "orders-pre-queue");
    const request = signed(credentials);
    const again = createIam({ dir, clock: { now: () => now } });
    again.putRole("sender", TRUST);
    assert.deepEqual(again.credentialsFor("sender", "lambda.amazonaws.com", "orders-pre-queue"), credentials);
    assert.deepEqual(again.authenticate(request).identity, {
      arn: "arn:aws:sts::000000000000:assumed-role/sender/orders-pre-queue",
      roleName: "sender",
    });
  });

  for (const path of [
    "/",
    "/000000000000/orders",
    "/?b=2&a=1&a=0&A=x",
    "/?empty=&bare&sp=a%20b&plus=a%2Bb&slash=a%2Fb",
    "/?%C3%BC=%F0%9F%98%80&tilde=~&star=%2A&quote=%27",
    "/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1/invocations",
    "/a%20b/%C3%BC/",
    "/a/../b/./c//d",
  ]) {
    it(`agrees with the AWS SDK on the path ${path}`, () => {
      iam.authenticate(signed(iam.administrator, { service: "lambda", path }));
    });
  }

  for (const path of [
    "/bucket/key%20with%20spaces/%C3%BC",
    "/bucket/a//b",
    "/bucket/?list-type=2&prefix=a%2F",
  ]) {
    it(`agrees with the rules of S3 on the path ${path}`, () => {
      iam.authenticate(signed(iam.administrator, { service: "s3", path, method: "PUT" }));
    });
  }

  it("trims header values and joins their spaces", () => {
    iam.authenticate(signed(iam.administrator, { headers: { "X-Amz-Meta-A": "  a   b  " } }));
  });

  it("accepts an unsigned payload for S3 only", () => {
    const headers = { "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD" };
    iam.authenticate({
      ...signed(iam.administrator, { service: "s3", headers }),
      body: Buffer.from("anything"),
    });
    refused(signed(iam.administrator, { headers }), "SignatureDoesNotMatch", /x-amz-content-sha256/);
  });

  const changes: [string, (request: SignedRequest) => SignedRequest][] = [
    ["the body", (request) => ({ ...request, body: Buffer.from("{} ") })],
    ["the method", (request) => ({ ...request, method: "PUT" })],
    ["the path", (request) => ({ ...request, url: "/other" })],
    ["the query", (request) => ({ ...request, url: "/?a=1" })],
    ["the host", (request) => ({ ...request, headers: { ...request.headers, host: "127.0.0.1:4001" } })],
    [
      "the action",
      (request) => ({ ...request, headers: { ...request.headers, "x-amz-target": "AmazonSQS.PurgeQueue" } }),
    ],
    ["an added header", (request) => ({ ...request, headers: { ...request.headers, "x-amz-extra": "1" } })],
  ];
  for (const [what, change] of changes) {
    it(`refuses a request when ${what} was changed`, () => {
      const request = signed(iam.administrator, { headers: { "X-Amz-Target": "AmazonSQS.SendMessage" } });
      iam.authenticate(request);
      refused(change(request), "SignatureDoesNotMatch");
    });
  }

  it("refuses a wrong secret, an unknown key, a forged token, a removed role", () => {
    refused(signed({ ...iam.administrator, secretAccessKey: "x".repeat(40) }), "SignatureDoesNotMatch");
    refused(signed({ ...iam.administrator, accessKeyId: "AKIAAAAAAAAAAAAAAAAA" }), "InvalidClientTokenId");
    const credentials = iam.credentialsFor("sender", "lambda.amazonaws.com");
    const [name] = credentials.sessionToken!.split(".");
    const forged = Buffer.from(JSON.stringify(["admin", "x"])).toString("base64url");
    refused(
      signed({ ...credentials, sessionToken: `${forged}.${credentials.sessionToken!.split(".")[1]}` }),
      "InvalidClientTokenId",
    );
    refused(signed({ ...credentials, sessionToken: name }), "InvalidClientTokenId");
    refused(signed({ ...credentials, sessionToken: undefined }), "InvalidClientTokenId");
    refused(signed({ ...iam.administrator, sessionToken: credentials.sessionToken }), "InvalidClientTokenId");
    iam.authenticate(signed(credentials));
    iam.removeRole("sender");
    refused(signed(credentials), "InvalidClientTokenId");
  });

  it("allows 15 minutes of skew either way", () => {
    const request = signed(iam.administrator);
    const start = now;
    for (const minutes of [-14, 14]) {
      now = start + minutes * 60_000;
      iam.authenticate(request);
    }
    now = start + 16 * 60_000;
    refused(request, "RequestExpired", /Signature expired/);
    now = start - 16 * 60_000;
    refused(request, "RequestExpired", /not yet current/);
  });

  it("refuses a request without a signature, and one with half a signature", () => {
    const request = signed(iam.administrator);
    refused({ ...request, headers: { host: HOST } }, "MissingAuthenticationToken");
    const authorization = request.headers.authorization!.replace(/, Signature=.*/, "");
    refused({ ...request, headers: { ...request.headers, authorization } }, "IncompleteSignature");
    refused(
      { ...request, headers: { ...request.headers, "x-amz-date": "yesterday" } },
      "IncompleteSignature",
    );
  });
});
