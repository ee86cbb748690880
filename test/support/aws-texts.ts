import assert from "node:assert/strict";
import { recognised } from "../../cli/deployments/aws-faults";

/** As pulumi-aws 7 prints an error of AWS: its bridge's line, which the engine follows with the same in another frame. */
export const bridged = (doing: string, operation: string, status: number, said: string) =>
  `  sdk-v2/provider2.go:572: sdk.helper_schema: ${doing}: operation error ${operation}, https response error StatusCode: ${status}, RequestID: d0e0226e-b9de-4adf-b564-4df524269dd0, ${said}: provider=aws@7.48.0\n`;
export const ec2 = (doing: string, operation: string, said: string) =>
  bridged(doing, `EC2: ${operation}`, 400, `api error ${said}`);
export const provider = (text: string) =>
  `pulumi:providers:aws resource 'default_7_48_0' has a problem: ${text}\n`;

/** What was printed, what it means, and what is to be read of it and done about it. */
export type Case = [text: string, code: string, message: RegExp, hint?: RegExp];

/** The beginning of a text, as one line of a title. */
function briefly(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return JSON.stringify(line.length > 90 ? `${line.slice(0, 90)}…` : line);
}

/** One test a text. */
export function recognises(cases: readonly Case[]): void {
  for (const [text, code, message, hint = /./] of cases) {
    it(`is told as ${code} when it is ${briefly(text)}`, () => {
      const error = recognised(text, { home: "/h", engine: "/e/pulumi" });
      assert.equal(error?.code, code);
      assert.match(error.message, message);
      assert.match(error.hint, hint);
      assert.doesNotMatch(error.message + error.hint, /\{\w+\}|provider=aws|sdk-v2|\n/);
    });
  }
}
