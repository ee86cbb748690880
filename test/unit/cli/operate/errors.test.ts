import assert from "node:assert/strict";
import { cliError } from "../../../../cli/errors";
import { operatingError } from "../../../../cli/operate/errors";
import type { CodedError } from "../../../../runtime/coded-error";

const named = (name: string, message: string) => Object.assign(new Error(message), { name });
const demo = { name: "demo", target: "local" };

describe("an error of the AWS SDK", () => {
  const cases: [Error, string, RegExp, string][] = [
    [
      named("ResourceNotFoundException", "Function not found: f"),
      "PARTS_MISSING",
      /not found: f/,
      "nami up demo --refresh",
    ],
    [
      named("QueueDoesNotExist", "no queue"),
      "PARTS_MISSING",
      /host of this machine: no queue/,
      "nami up demo --refresh",
    ],
    [named("CredentialsProviderError", "none"), "AWS_CREDENTIALS_MISSING", /none/, "aws configure"],
    [
      named("TimeoutError", "too long"),
      "ASKING_FAILED",
      /demo could not be asked: TimeoutError: too long/,
      "nami doctor",
    ],
  ];
  for (const [thrown, code, message, hint] of cases) {
    it(`named ${thrown.name} is reported as ${code}`, () => {
      const error = operatingError(thrown, demo) as CodedError;
      assert.deepEqual([error.code, error.hint, error.exitCode], [code, hint, 1]);
      assert.match(error.message, message);
      assert.equal(error.cause, thrown);
    });
  }

  it("stays what it is when it is Nami's own or a cancelled wait", () => {
    for (const error of [cliError("NAME_INCOMPLETE", { name: "x" }), named("AbortError", "")]) {
      assert.equal(operatingError(error, demo), error);
    }
  });
});
