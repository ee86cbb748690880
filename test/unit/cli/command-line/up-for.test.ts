import assert from "node:assert/strict";
import type { Args } from "../../../../cli/command";
import { repeatingFlags, upFor } from "../../../../cli/command-line/up-for";
import { secretsForgotten } from "../../../../cli/lifecycle/refuse-forgotten";
import { infraError } from "../../../../infra/errors";
import type { CodedError } from "../../../../runtime/coded-error";

const args = (more: object): Args => ({
  name: "orders",
  json: false,
  quiet: false,
  verbose: false,
  yes: false,
  ...more,
});
const given = args({ verify: "stripe", secret: "env:S", preQueue: "it's bad.ts", state: "s3://bucket" });
const words = "--verify stripe --secret env:S";

describe("the up that a hint leads to", () => {
  it("has all that was given, quoted", () => {
    assert.equal(upFor(given), `nami up orders ${words} --pre-queue 'it'\\''s bad.ts' --state s3://bucket`);
    assert.equal(upFor(args({ upgradeHost: true })), "nami up orders --upgrade-host");
  });

  it("repeats it after a fault of the user's code: nothing is kept yet", () => {
    const facts = { name: "orders", path: "bad.ts", option: "pre-queue", problem: "odd", place: "" };
    for (const code of [
      "HANDLER_INVALID",
      "HANDLER_NO_DEFAULT",
      "HANDLER_NO_VERIFY",
      "HANDLER_THROWS",
    ] as const) {
      const known = infraError(code, facts);
      const { hint, message, exitCode } = repeatingFlags(known, given) as CodedError;
      assert.deepEqual([hint, message, exitCode], [upFor(given), known.message, 2]);
    }
  });

  it("asks for another file in place of one that is not there, whether it was given or kept", () => {
    const missing = (option: string) =>
      repeatingFlags(infraError("HANDLER_MISSING", { name: "orders", path: "x", option }), given);
    const { hint } = missing("pre-queue") as CodedError;
    assert.equal(hint, `nami up orders ${words} --state s3://bucket --pre-queue FILE`);
    assert.equal((missing("post-queue") as CodedError).hint, `${upFor(given)} --post-queue FILE`);
  });

  it("is given to no other error", () => {
    const others = [new Error("odd"), infraError("OPTIONS_INVALID", { problems: "x", verb: "up" })];
    for (const error of others) assert.equal(repeatingFlags(error, given), error);
  });
});

describe("secrets that went with a pipeline", () => {
  const told = (missing: string[], verify: string) => {
    const { message, hint } = secretsForgotten(args({ concurrency: "4" }), missing, verify) as CodedError;
    return { none: /; (.* says .*)\. Nothing was begun\.$/.exec(message)?.[1], hint };
  };

  it('may be "" only where there can be none', () => {
    assert.equal(told(["codeSecrets"], "none").none, '--code-secrets "" says that there is to be none');
    assert.equal(told(["secret"], "asana").none, '--secret "" says that there is to be none');
    assert.equal(told(["secret"], "stripe").none, undefined);
    const { none } = told(["secret", "verifyToken", "codeSecrets"], "meta");
    assert.equal(none, '--code-secrets "" says that there is to be none');
  });

  it("are asked for beside what was given", () => {
    const { hint } = told(["secret", "verifyToken"], "meta");
    assert.match(hint, /^nami up orders --concurrency 4 --secret env:NAME --verify-token env:NAME$/);
  });
});
