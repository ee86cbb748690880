import assert from "node:assert/strict";
import { s3Place } from "../../../../../cli/deployments/store/s3-url";

const given = (client: object) =>
  Object.fromEntries(Object.entries(client).filter(([, value]) => value !== undefined));

describe("the URL of a state in S3", () => {
  it("names bucket and prefix, however the slashes are", () => {
    for (const [url, prefix] of [
      ["s3://team", ""],
      ["s3://team/", ""],
      ["s3://team/a/b", "a/b/"],
      ["s3://team/a/b/", "a/b/"],
    ] as const) {
      const place = s3Place(url, {});
      assert.deepEqual([place.bucket, place.prefix, given(place.client)], ["team", prefix, {}]);
    }
  });

  it("says how the bucket is reached", () => {
    const url =
      "s3://team?region=eu-west-1&endpoint=http://127.0.0.1:9000&s3ForcePathStyle=true&profile=work";
    assert.deepEqual(given(s3Place(url, { AWS_REGION: "us-east-1" }).client), {
      region: "eu-west-1",
      endpoint: "http://127.0.0.1:9000",
      profile: "work",
      forcePathStyle: true,
    });
    assert.equal(s3Place("s3://team", { AWS_DEFAULT_REGION: "eu-north-1" }).client.region, "eu-north-1");
    assert.equal(s3Place("s3://team?use_path_style=1", {}).client.forcePathStyle, true);
  });

  it("gives an endpoint without a scheme the one the engine gives it", () => {
    assert.equal(s3Place("s3://team?endpoint=minio:9000", {}).client.endpoint, "https://minio:9000");
    assert.equal(
      s3Place("s3://team?endpoint=minio:9000&disableSSL=true", {}).client.endpoint,
      "http://minio:9000",
    );
  });

  it("is refused where the engine would understand more than Nami", () => {
    for (const url of ["s3://team?role=arn:aws:iam::1:role/x", "s3://team?regoin=x", "s3:///path"]) {
      assert.throws(() => s3Place(url, {}), { code: "STATE_INVALID", exitCode: 2 });
    }
  });
});
