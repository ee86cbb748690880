import assert from "node:assert/strict";
import {
  checkPolicy,
  type Decision,
  evaluate,
  evaluateFor,
  matches,
  type PolicyKind,
  trusts,
} from "../../../../../local/host/iam/policy";
import type { PolicyStatement } from "../../../../../local/host/services";

const QUEUE = "arn:aws:sqs:us-east-1:000000000000:orders";
const allow = (
  Action: string | string[],
  Resource: string | string[],
  Condition?: PolicyStatement["Condition"],
) => ({ Effect: "Allow", Action, Resource, Condition }) as PolicyStatement;
const deny = (Action: string, Resource: string) => ({ Effect: "Deny", Action, Resource }) as PolicyStatement;

function decide(
  Statement: PolicyStatement[],
  action = "sqs:SendMessage",
  context: Record<string, string> = {},
): Decision {
  return evaluate([{ Statement }], { action, resource: QUEUE, context });
}

describe("policy evaluation", () => {
  const table: [string, PolicyStatement[], Decision][] = [
    ["nothing", [], "implicit deny"],
    ["the action on the queue", [allow("sqs:SendMessage", QUEUE)], "allow"],
    ["an action in other letters", [allow("SQS:sendmessage", QUEUE)], "allow"],
    ["an ARN in other letters", [allow("sqs:SendMessage", QUEUE.toUpperCase())], "implicit deny"],
    ["another action", [allow(["sqs:ReceiveMessage", "sqs:DeleteMessage"], QUEUE)], "implicit deny"],
    ["another queue", [allow("sqs:SendMessage", `${QUEUE}2`)], "implicit deny"],
    ["one of a list", [allow(["sqs:ReceiveMessage", "sqs:SendMessage"], ["x", QUEUE])], "allow"],
    ["wildcards", [allow("sqs:Send*", "arn:aws:sqs:*:000000000000:ord?rs")], "allow"],
    ["a ? that is no character", [allow("sqs:SendMessage?", QUEUE)], "implicit deny"],
    ["everything", [allow("*", "*")], "allow"],
    ["a Deny after an Allow", [allow("*", "*"), deny("sqs:Send*", "*")], "explicit deny"],
    ["a Deny before an Allow", [deny("sqs:Send*", "*"), allow("*", "*")], "explicit deny"],
    ["a Deny of something else", [allow("*", "*"), deny("sqs:PurgeQueue", "*")], "allow"],
  ];
  for (const [title, statements, decision] of table) {
    it(`decides "${decision}" for ${title}`, () => assert.equal(decide(statements), decision));
  }

  const conditions: [string, NonNullable<PolicyStatement["Condition"]>, boolean][] = [
    ["StringEquals", { StringEquals: { "aws:SourceAccount": "000000000000" } }, true],
    ["StringEquals with a list", { StringEquals: { "aws:SourceAccount": ["1", "000000000000"] } }, true],
    ["StringEquals takes no wildcard", { StringEquals: { "aws:SourceAccount": "0*" } }, false],
    ["StringLike", { StringLike: { "AWS:SOURCEACCOUNT": "0*0" } }, true],
    ["ArnLike", { ArnLike: { "aws:SourceArn": "arn:aws:execute-api:*:*:abc/*" } }, true],
    [
      "ArnLike: a * stays in its part",
      { ArnLike: { "aws:SourceArn": "arn:aws:execute-api:*:abc/*" } },
      false,
    ],
    [
      "ArnEquals",
      { ArnEquals: { "aws:SourceArn": "arn:aws:execute-api:us-east-1:000000000000:abc/*/orders" } },
      true,
    ],
    ["Bool", { Bool: { "aws:SecureTransport": "False" } }, true],
    ["a missing key", { StringLike: { "aws:PrincipalTag/a": "*" } }, false],
    [
      "all must hold",
      { Bool: { "aws:SecureTransport": "true" }, StringLike: { "aws:SourceAccount": "*" } },
      false,
    ],
  ];
  for (const [title, condition, holds] of conditions) {
    it(`finds that the condition "${title}" ${holds ? "holds" : "does not hold"}`, () => {
      const context = {
        "aws:SourceAccount": "000000000000",
        "aws:SourceArn": "arn:aws:execute-api:us-east-1:000000000000:abc/*/orders",
        "aws:SecureTransport": "false",
      };
      const decision = decide([allow("*", "*", condition)], "sqs:SendMessage", context);
      assert.equal(decision, holds ? "allow" : "implicit deny");
    });
  }

  it("takes all other characters of a pattern literally", () => {
    assert.ok(matches("a.b+(c)*", "a.b+(c)\n/d"));
    assert.ok(!matches("a.b", "axb"));
  });

  it("lets a service assume a role that trusts it, and no other", () => {
    const policy = (statement: Partial<PolicyStatement>) => ({
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...statement } as PolicyStatement],
    });
    const lambda = { Principal: { Service: ["ec2.amazonaws.com", "lambda.amazonaws.com"] } };
    assert.ok(trusts(policy(lambda), "lambda.amazonaws.com"));
    assert.ok(!trusts(policy({ Principal: { Service: "ec2.amazonaws.com" } }), "lambda.amazonaws.com"));
    assert.ok(!trusts(policy({ ...lambda, Action: "sts:TagSession" }), "lambda.amazonaws.com"));
    assert.ok(!trusts(policy({ ...lambda, Effect: "Deny" }), "lambda.amazonaws.com"));
  });

  it("reads only the statements of a resource policy that name the service", () => {
    const statement = (Principal: unknown, Effect: "Allow" | "Deny" = "Allow") =>
      ({ Effect, Principal, Action: "sqs:SendMessage", Resource: QUEUE }) as PolicyStatement;
    const ask = (...Statement: PolicyStatement[]) =>
      evaluateFor(
        "events.amazonaws.com",
        { Statement },
        { action: "sqs:SendMessage", resource: QUEUE, context: {} },
      );
    assert.equal(ask(), "implicit deny");
    assert.equal(ask(statement({ Service: "events.amazonaws.com" })), "allow");
    assert.equal(ask(statement({ Service: ["sns.amazonaws.com", "events.amazonaws.com"] })), "allow");
    assert.equal(ask(statement({ Service: "sns.amazonaws.com" })), "implicit deny");
    assert.equal(ask(statement({ AWS: "000000000000" })), "implicit deny");
    assert.equal(ask(statement({ AWS: "*" })), "allow");
    assert.equal(ask(statement("*")), "allow");
    assert.equal(ask(statement(undefined)), "implicit deny");
    assert.equal(
      ask(statement("*"), statement({ Service: "events.amazonaws.com" }, "Deny")),
      "explicit deny",
    );
    assert.equal(ask(statement("*"), statement({ Service: "sns.amazonaws.com" }, "Deny")), "allow");
  });

  it("refuses by name every element that it would not evaluate as AWS does", () => {
    const refused = (statement: Record<string, unknown>, kind: PolicyKind, text: RegExp) =>
      assert.throws(
        () =>
          checkPolicy(
            { Statement: [{ ...allow("*", "*"), ...statement } as PolicyStatement] },
            "Policy p",
            kind,
          ),
        {
          code: "MalformedPolicyDocument",
          message: text,
        },
      );
    refused({ NotAction: "a" }, "identity", /Policy p: NotAction is not supported/);
    refused({ NotResource: "a" }, "identity", /NotResource/);
    refused({ Condition: { NumericLessThan: { a: "1" } } }, "identity", /NumericLessThan/);
    refused({ Condition: { toString: {} } }, "identity", /toString/);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: IAM's own syntax
    refused({ Resource: "arn:aws:s3:::b/${aws:username}" }, "identity", /policy variables/);
    refused({ Resource: undefined }, "identity", /no Resource/);
    refused({ Effect: "allow" }, "identity", /Effect/);
    refused({}, "trust", /no Principal/);
    refused({}, "resource", /a resource policy has no Principal/);
    refused({ Principal: "*", Resource: undefined }, "resource", /no Resource/);
    assert.throws(() => checkPolicy({} as never, "Policy p", "identity"), /no Statement/);
  });
});
