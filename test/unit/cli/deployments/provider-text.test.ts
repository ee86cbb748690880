import assert from "node:assert/strict";
import { plainText, saidBy, sdkError } from "../../../../cli/deployments/provider-text";

const ERROR =
  "creating Budget (b): operation error Budgets: CreateBudget, https response error StatusCode: 400, RequestID: d0e0, AccessDeniedException: Account 1 is a linked account.";

describe("a provider's text", () => {
  it("is the same out of every frame", () => {
    const frames = [
      `  sdk-v2/provider2.go:572: sdk.helper_schema: ${ERROR}: provider=aws@7.7.0\n`,
      `1 error occurred:\n\t* ${ERROR}\n\n`,
      `error: 1 error occurred:\n\t* ${ERROR}\n`,
      `error serializing property "x": invocation of aws:x/y:y returned an error: invoking aws:x/y:y: 1 error occurred:\n\t* ${ERROR}\n\n`,
    ];
    for (const frame of frames) assert.equal(plainText(frame), ERROR);
  });

  it("stays whole when it is none that is known, all its lines and the request id", () => {
    const text = "creating X: operation error S: M, RequestID: 5c-1, api error Odd: one\ntwo\n\n\nthree";
    assert.equal(
      plainText(text),
      "creating X: operation error S: M, RequestID: 5c-1, api error Odd: one\ntwo\nthree",
    );
  });

  it("is spared what only AWS can read", () => {
    const text = `Encoded authorization failure message: ${"aB3_".repeat(300)}`;
    assert.equal(plainText(text), "Encoded authorization failure message: (see --verbose)");
  });

  it("tells action, request and what the service said", () => {
    assert.deepEqual(sdkError(ERROR), {
      action: "budgets:CreateBudget",
      requestId: "d0e0",
      said: "AccessDeniedException: Account 1 is a linked account.",
    });
    const logs = "operation error CloudWatch Logs: CreateLogGroup, RequestID: 1, api error Odd: x";
    assert.equal(sdkError(logs)!.action, "logs:CreateLogGroup");
    assert.equal(sdkError("nothing of the sort"), undefined);
  });

  it("is short where AWS said it: its sentence and the request", () => {
    assert.equal(saidBy(ERROR), "AccessDeniedException: Account 1 is a linked account. (request d0e0)");
    assert.equal(saidBy("first line\nsecond line"), "first line");
  });
});
