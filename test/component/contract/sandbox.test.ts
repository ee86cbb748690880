import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { functionSpec, MemoryLogs } from "../../support/functions";
import { functionsIn } from "../../support/local-functions";
import { installAwsRuntime, startAwsRuntime } from "./aws-runtime";
import { FUNCTION_ARN, FUNCTION_NAME, type StartFunction, sandboxContract } from "./sandbox";

const startOurs: StartFunction = (codeDir, handler) => {
  const logs = new MemoryLogs();
  const dir = mkdtempSync(join(tmpdir(), "nami-sandbox-"));
  const functions = functionsIn(dir, { logs });
  const logGroup = `/aws/lambda/${FUNCTION_NAME}`;
  functions.put(functionSpec({ name: FUNCTION_NAME, arn: FUNCTION_ARN, handler, codeDir, logGroup }));
  return {
    invoke: async (event) => {
      const { payload, functionError } = await functions.invoke(FUNCTION_NAME, JSON.stringify(event));
      if (!functionError) return { kind: "done", payload: JSON.parse(payload) };
      const error = JSON.parse(payload);
      return error.errorType === "Runtime.ExitError" ? { kind: "exit" } : { kind: "error", payload: error };
    },
    output: () => logs.lines.map(({ text }) => text),
    stop: async () => {
      await functions.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

describe("the sandbox", function () {
  this.timeout(20_000);
  describe("of this machine", () => sandboxContract(() => startOurs));

  describe("of AWS itself (aws-lambda-ric)", () => {
    let folder: string;
    before(function () {
      this.timeout(120_000);
      try {
        folder = installAwsRuntime();
      } catch (error) {
        console.error(`Skipped, npm could not install aws-lambda-ric: ${(error as Error).message}`);
        this.skip();
      }
    });
    sandboxContract(() => (codeDir, handler) => startAwsRuntime(folder, codeDir, handler));
  });
});
