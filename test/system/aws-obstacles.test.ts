import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { paths } from "../../local/paths";
import { type FakeSts, fakeSts, type StsAnswer } from "../support/fake-sts";
import { freePort, makeHome, type TestHome } from "../support/home";
import { nami, type Result } from "../support/nami";

/** How far a machine comes that cannot reach AWS: in these tests nothing of it is ever reached. */
describe("on the way to AWS", function () {
  this.timeout(120_000);
  let home: TestHome;
  let sts: FakeSts;
  let answer: StsAnswer;
  let nowhere: string;

  before(async () => {
    home = await makeHome();
    sts = await fakeSts(() => answer);
    nowhere = `http://127.0.0.1:${await freePort()}`;
  });
  after(async () => {
    await sts.close();
    await home.close();
  });

  /** With keys of nobody; what the engine would download goes through a proxy that is not there. */
  const run = (args: string[], more: Record<string, string> = {}): Promise<Result> =>
    nami(home.dir, [...args, "--target", "aws"], {
      env: {
        ...{ AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "y", AWS_PROFILE: "", AWS_SESSION_TOKEN: "" },
        ...{ AWS_ENDPOINT_URL_STS: sts.url, HTTPS_PROXY: nowhere, https_proxy: nowhere },
        ...more,
      },
    });

  it("preview says what was found well, whose account it is, and stops at the plugin with two ways to get it", async () => {
    answer = { account: "123456789012" };
    const file = join(home.dir, "store.ts");
    writeFileSync(file, "export default async () => {};\n");
    const { code, err } = await run(["preview", "demo", "--post-queue", file]);
    assert.equal(code, 1);
    assert.match(err, /the options are fine/);
    assert.match(err, /store\.ts can be bundled and loaded/);
    assert.match(err, /AWS account 123456789012, as arn:aws:iam::123456789012:user\/me/);
    assert.match(err, /error\[PLUGIN_UNAVAILABLE\]: .*aws v\d+\.\d+\.\d+ is not here .*connection refused/);
    assert.match(err, /try: .*HTTPS_PROXY.*plugin install resource aws v\S+ --file/);
    const left = readdirSync(paths.work(home.dir), { recursive: true, withFileTypes: true });
    assert.deepEqual(
      left.filter((entry) => entry.isFile()).map(({ name }) => name),
      ["package.json"],
    );
  });

  it("preview goes on where AWS cannot be asked, for the plugin is missing, too", async () => {
    const { code, err } = await run(["preview", "demo"], { AWS_ENDPOINT_URL_STS: nowhere });
    assert.equal(code, 1);
    assert.match(err, /AWS could not be asked .*ECONNREFUSED/);
    assert.match(err, /error\[PLUGIN_UNAVAILABLE\]/);
  });

  it("up does not", async () => {
    const { code, err } = await run(["up", "demo"], { AWS_ENDPOINT_URL_STS: nowhere });
    assert.equal(code, 1);
    assert.match(err, /error\[AWS_UNREACHABLE\]: .*ECONNREFUSED/);
  });

  it("credentials that have expired, are unknown or absent stop both, before anything is begun", async () => {
    const expired = {
      status: 403,
      code: "ExpiredToken",
      message: "The security token included in the request is expired",
    };
    const invalid = {
      status: 403,
      code: "InvalidClientTokenId",
      message: "The security token included in the request is invalid.",
    };
    for (const verb of ["preview", "up"]) {
      answer = expired;
      assert.match((await run([verb, "demo"])).err, /error\[AWS_CREDENTIALS_EXPIRED\]/);
      answer = invalid;
      assert.match((await run([verb, "demo"])).err, /error\[AWS_CREDENTIALS_INVALID\]/);
    }
    const none = {
      AWS_ACCESS_KEY_ID: "",
      AWS_SECRET_ACCESS_KEY: "",
      AWS_EC2_METADATA_DISABLED: "true",
      HOME: home.dir,
    };
    assert.match((await run(["up", "demo"], none)).err, /error\[AWS_CREDENTIALS_MISSING\]/);
  });

  it("code that does not load stops a preview before credentials do", async () => {
    answer = { status: 403, code: "ExpiredToken", message: "expired" };
    const file = join(home.dir, "broken.ts");
    writeFileSync(file, "export default 5;\n");
    assert.match((await run(["preview", "demo", "--post-queue", file])).err, /error\[HANDLER_NO_DEFAULT\]/);
  });

  it("a name of another account is left alone by down", async () => {
    answer = { account: "123456789012" };
    const stacks = join(paths.state(home.dir), ".pulumi", "stacks", "nami");
    mkdirSync(stacks, { recursive: true });
    const urn = "urn:pulumi:moved::nami::pulumi:pulumi:Stack::nami-moved";
    const outputs = {
      target: "aws",
      region: "us-east-1",
      queueArn: "arn:aws:sqs:us-east-1:210987654321:moved-1f",
    };
    const resources = [{ urn, type: "pulumi:pulumi:Stack", custom: false, outputs }];
    writeFileSync(
      join(stacks, "moved.json"),
      JSON.stringify({ version: 3, checkpoint: { latest: { resources } } }),
    );
    const { code, err } = await run(["down", "moved"]);
    assert.equal(code, 1);
    assert.match(
      err,
      /error\[ACCOUNT_CHANGED\]: moved lives in the AWS account 210987654321; .* of 123456789012/,
    );
    assert.match(err, /try: export AWS_PROFILE=<a profile of account 210987654321>/);
  });
});
