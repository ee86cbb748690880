import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIam, type LocalIam } from "../../../../../local/host/iam/iam";
import type { PolicyDocument } from "../../../../../local/host/services";

const QUEUE = "arn:aws:sqs:us-east-1:000000000000:orders";
const trust = (Service: string): PolicyDocument => ({
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service } }],
});

describe("the IAM of the host", () => {
  let dir: string;
  let iam: LocalIam;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-iam-"));
    iam = createIam({ dir, clock: { now: Date.now } });
    iam.putRole("sender", trust("lambda.amazonaws.com"));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it("keeps its secret and the administrator's credentials private, and unchanged over restarts", () => {
    for (const file of ["secret", "credentials.json"])
      assert.equal(statSync(join(dir, file)).mode & 0o777, 0o600);
    const written: unknown = JSON.parse(readFileSync(join(dir, "credentials.json"), "utf8"));
    assert.deepEqual(written, iam.administrator);
    assert.deepEqual(createIam({ dir, clock: { now: Date.now } }).administrator, iam.administrator);
  });

  it("has other keys on every host", () => {
    const other = join(dir, "other");
    mkdirSync(other);
    assert.notDeepEqual(createIam({ dir: other, clock: { now: Date.now } }).administrator, iam.administrator);
  });

  it("refuses an invalid secret file, and leaves it as it is", () => {
    writeFileSync(join(dir, "secret"), "short\n");
    assert.throws(() => createIam({ dir, clock: { now: Date.now } }), { code: "HOST_SECRET_INVALID" });
    assert.equal(readFileSync(join(dir, "secret"), "utf8"), "short\n");
  });

  it("gives keys only to a service the role trusts", () => {
    assert.match(iam.credentialsFor("sender", "lambda.amazonaws.com").accessKeyId, /^ASIA[A-Z2-7]{16}$/);
    assert.throws(() => iam.credentialsFor("sender", "ec2.amazonaws.com"), /cannot be assumed by ec2/);
    assert.throws(() => iam.credentialsFor("nobody", "lambda.amazonaws.com"), { code: "NoSuchEntity" });
  });

  it("changes its revision when an earlier decision may no longer hold", () => {
    const changes: (() => void)[] = [
      () => iam.putRole("other", trust("lambda.amazonaws.com")),
      () => iam.putRolePolicy("other", "p", { Statement: [] }),
      () => iam.removeRolePolicy("other", "p"),
      () => iam.removeRole("other"),
    ];
    for (const change of changes) {
      const before = iam.revision;
      change();
      assert.ok(iam.revision > before);
    }
  });

  it("names user, action and resource in a denial, as AWS does", () => {
    const identity = iam.roleIdentity("sender", "orders");
    const who = "User: arn:aws:sts::000000000000:assumed-role/sender/orders is not authorized to perform";
    assert.throws(() => iam.authorize(identity, "sqs:SendMessage", QUEUE), {
      code: "AccessDenied",
      httpStatus: 403,
      message: `${who}: sqs:SendMessage on resource: ${QUEUE} because no identity-based policy allows the sqs:SendMessage action`,
    });
    iam.putRolePolicy("sender", "none", { Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] });
    assert.throws(
      () => iam.authorize(identity, "sqs:SendMessage", QUEUE),
      /with an explicit deny in an identity-based policy$/,
    );
  });

  it("goes by the policies a role has now", () => {
    const identity = iam.roleIdentity("sender", "orders");
    iam.putRolePolicy("sender", "queue", {
      Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: QUEUE }],
    });
    iam.authorize(identity, "sqs:SendMessage", QUEUE);
    iam.putRole("sender", trust("lambda.amazonaws.com"));
    iam.authorize(identity, "sqs:SendMessage", QUEUE);
    iam.removeRolePolicy("sender", "queue");
    assert.throws(() => iam.authorize(identity, "sqs:SendMessage", QUEUE), { code: "AccessDenied" });
    iam.putRolePolicy("sender", "queue", { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });
    iam.removeRole("sender");
    assert.throws(() => iam.authorize(identity, "sqs:SendMessage", QUEUE), { code: "AccessDenied" });
  });

  it("lets the administrator do everything", () => {
    iam.authorize({ arn: "arn:aws:iam::000000000000:user/nami" }, "sqs:PurgeQueue", QUEUE);
  });
});
