import assert from "node:assert/strict";
import { unfold } from "../../../../cli/display/diff-json";

describe("differences inside a document", () => {
  const policy = (document: unknown) => JSON.stringify(document);

  it("are told by the place, not by the whole text", () => {
    const before = policy({ deadLetterTargetArn: "arn:aws:sqs:x", maxReceiveCount: 5 });
    const after = policy({ deadLetterTargetArn: "arn:aws:sqs:x", maxReceiveCount: 7 });
    assert.deepEqual(unfold({ path: "redrivePolicy", before, after }), [
      { path: "redrivePolicy.maxReceiveCount", before: 5, after: 7 },
    ]);
  });

  it("name what came, what went, and the place in a list", () => {
    const before = policy({ Statement: [{ Action: ["a", "b"], Sid: "x" }] });
    const after = policy({ Statement: [{ Action: ["a", "c"], Resource: "*" }] });
    assert.deepEqual(unfold({ path: "policy", before, after }), [
      { path: "policy.Statement[0].Action[1]", before: "b", after: "c" },
      { path: "policy.Statement[0].Sid", before: "x", after: undefined },
      { path: "policy.Statement[0].Resource", before: undefined, after: "*" },
    ]);
  });

  for (const [what, before, after] of [
    ["a text that is no document", "a", "b"],
    ["a document that was none before", undefined, "{}"],
    ["a broken document", "{", "{}"],
    ["documents that differ in blanks alone", '{"a":1}', '{ "a": 1 }'],
    ["numbers", 1, 2],
  ] as const) {
    it(`leave ${what} alone`, () => {
      assert.deepEqual(unfold({ path: "p", before, after }), [{ path: "p", before, after }]);
    });
  }
});
