import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PolicyDocument, PolicyStatement, Topics } from "../../../../../local/host/services";
import { createTopics } from "../../../../../local/host/topics";
import { TOPIC_ARN } from "../../../../support/alarms";
import { MovableClock } from "../../../../support/functions";

const ALARM = "arn:aws:cloudwatch:us-east-1:000000000000:alarm:dead-letters";
const PUBLISHER = { service: "cloudwatch.amazonaws.com", sourceArn: ALARM };

describe("the topics of the host", () => {
  let dir: string;
  let clock: MovableClock;
  let topics: Topics;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-topics-"));
    clock = new MovableClock();
    topics = createTopics(dir, clock);
    topics.put({ arn: TOPIC_ARN });
    subscribe("ops@example.com");
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const subscribe = (endpoint: string, arn = `${TOPIC_ARN}:${endpoint}`) =>
    topics.subscribe({ arn, topicArn: TOPIC_ARN, protocol: "email", endpoint });
  const publish = (subject = "ALARM", text = "It is so.", publisher = PUBLISHER) =>
    topics.publish(TOPIC_ARN, { subject, text }, publisher);
  const mailDir = () => join(dir, "mail");
  const mails = () =>
    existsSync(mailDir())
      ? readdirSync(mailDir())
          .sort()
          .map((name) => readFileSync(join(mailDir(), name), "utf8"))
      : [];

  it("write each mail to a file that only its owner can read", () => {
    publish('ALARM: "dead-letters"', "First line.\nSecond line.");
    const [mail, ...others] = mails();
    assert.deepEqual(others, []);
    assert.match(
      mail!,
      /^Date: Sat, 31 Jan 2026 00:00:00 \+0000\nFrom: "AWS Notifications" <.*>\nTo: ops@example\.com\n/,
    );
    assert.match(mail!, /\nSubject: ALARM: "dead-letters"\n/);
    assert.match(mail!, /\n\nFirst line\.\nSecond line\.\n/);
    const [name] = readdirSync(mailDir());
    assert.match(name!, /^20260131T000000000Z-[0-9a-f]{8}\.eml$/);
    assert.equal(statSync(join(mailDir(), name!)).mode & 0o777, 0o600);
    assert.equal(statSync(mailDir()).mode & 0o777, 0o700);
  });

  it("send mails with their display name when they have one", () => {
    topics.put({ arn: TOPIC_ARN, displayName: 'Nami "orders"' });
    publish();
    assert.match(mails()[0]!, /\nFrom: "Nami 'orders'" </);
  });

  it("keep a line break in a subject from adding a header", () => {
    publish("a\r\nBcc: all@example.com");
    assert.match(mails()[0]!, /\nSubject: a Bcc: all@example\.com\n/);
  });

  it("send each mail once to every subscribed address, and to none that unsubscribed", () => {
    subscribe("dev@example.com");
    subscribe("dev@example.com", `${TOPIC_ARN}:again`);
    topics.unsubscribe(`${TOPIC_ARN}:ops@example.com`);
    publish();
    assert.deepEqual(
      mails().map((mail) => /\nTo: (.*)\n/.exec(mail)![1]),
      ["dev@example.com"],
    );
  });

  it("keep the newest thousand mails, and all other files in the folder", () => {
    publish("first");
    writeFileSync(join(mailDir(), "note.txt"), "kept");
    const earlier = (n: number) => `20260131T000000001Z-${String(n).padStart(8, "0")}.eml`;
    for (let n = 1; n < 1000; n++) writeFileSync(join(mailDir(), earlier(n)), "");
    clock.time += 2;
    publish("second");
    const names = readdirSync(mailDir()).filter((name) => name.endsWith(".eml"));
    assert.equal(names.length, 1000);
    assert.ok(names.includes(earlier(1)));
    assert.deepEqual(
      mails().flatMap((mail) => /^Subject: (.*)$/m.exec(mail)?.[1] ?? []),
      ["second"],
    );
    clock.time += 1;
    publish("third");
    assert.ok(!existsSync(join(mailDir(), earlier(1))));
    assert.ok(existsSync(join(mailDir(), earlier(2))));
    assert.ok(existsSync(join(mailDir(), "note.txt")));
  });

  it("refuse messages, subscribers and policies of a topic that does not exist", () => {
    topics.remove(TOPIC_ARN);
    const gone = { code: "NotFound", message: "Topic does not exist" };
    assert.throws(() => publish(), gone);
    assert.throws(() => subscribe("a@b"), gone);
    assert.throws(() => topics.setPolicy(TOPIC_ARN, policy({})), gone);
  });

  const policy = (statement: Partial<PolicyStatement>): PolicyDocument => ({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: TOPIC_ARN,
        ...statement,
      } as PolicyStatement,
    ],
  });

  describe("asked whether an alarm may publish", () => {
    const cases: [string, Partial<PolicyStatement> | undefined, boolean][] = [
      ["by the default policy", undefined, true],
      ["by a statement for CloudWatch", {}, true],
      ["by one in other upper and lower case", { Action: ["SNS:publish"] }, true],
      [
        "by one for the account's alarms",
        { Condition: { StringEquals: { "aws:SourceAccount": "000000000000" } } },
        true,
      ],
      [
        "by one for another account",
        { Condition: { StringEquals: { "aws:SourceAccount": "111111111111" } } },
        false,
      ],
      ["by one for this alarm", { Condition: { ArnLike: { "aws:SourceArn": ALARM } } }, true],
      [
        "by one for all alarms",
        { Condition: { ArnLike: { "aws:SourceArn": "arn:aws:cloudwatch:*:000000000000:alarm:*" } } },
        true,
      ],
      ["by one for another alarm", { Condition: { ArnLike: { "aws:SourceArn": `${ALARM}-2` } } }, false],
      ["by one for another service", { Principal: { Service: "events.amazonaws.com" } }, false],
      ["by one for the account's own users", { Principal: { AWS: "arn:aws:iam::000000000000:root" } }, false],
      ["by one for everyone", { Principal: "*" }, true],
      [
        "by one for everyone of this account",
        { Principal: { AWS: "*" }, Condition: { StringEquals: { "AWS:SourceOwner": "000000000000" } } },
        true,
      ],
      ["by one about another topic", { Resource: `${TOPIC_ARN}-2` }, false],
      ["by one about another action", { Action: "sns:Subscribe" }, false],
      ["against a Deny", { Effect: "Deny" }, false],
      ["over TLS, as services do", { Condition: { Bool: { "aws:SecureTransport": "true" } } }, true],
    ];
    for (const [how, statement, allowed] of cases) {
      it(`${allowed ? "allow" : "refuse"} it ${how}`, () => {
        if (statement) topics.setPolicy(TOPIC_ARN, policy(statement));
        if (allowed) publish();
        else {
          const message = `Resource: ${ALARM} is not authorized to perform: SNS:Publish on resource: ${TOPIC_ARN}`;
          assert.throws(() => publish(), { code: "AuthorizationError", message });
        }
        assert.equal(mails().length, allowed ? 1 : 0);
      });
    }

    it("allow it by the default policy again when their own is removed", () => {
      topics.setPolicy(TOPIC_ARN, policy({ Action: "sns:Subscribe" }));
      assert.throws(() => publish(), { code: "AuthorizationError" });
      topics.resetPolicy(TOPIC_ARN);
      publish();
    });

    it("apply a policy that stays when the topic is changed", () => {
      topics.setPolicy(TOPIC_ARN, policy({ Action: "sns:Subscribe" }));
      topics.put({ arn: TOPIC_ARN, displayName: "x" });
      assert.throws(() => publish(), { code: "AuthorizationError" });
    });
  });

  it("refuse a policy that SNS refuses, and one that the host would evaluate differently", () => {
    const refused = (statement: Partial<PolicyStatement>, message: RegExp) =>
      assert.throws(() => topics.setPolicy(TOPIC_ARN, policy(statement)), {
        code: "InvalidParameter",
        message,
      });
    refused({ Action: "sns:*" }, /Policy statement action out of service scope!/);
    refused({ Action: ["sns:Publish", "sqs:SendMessage"] }, /out of service scope/);
    refused({ Principal: undefined }, /no Principal/);
    refused({ Resource: undefined }, /no Resource/);
    refused({ Condition: { StringNotEquals: { a: "b" } } }, /StringNotEquals is not supported/);
    publish();
  });
});
