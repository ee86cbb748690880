import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cliErrors } from "../../../cli/errors";
import { shellQuote } from "../../../cli/operate/shell-quote";
import { infraErrors } from "../../../infra/errors";
import type { ErrorEntry } from "../../../runtime/coded-error";
import { ADVICE } from "../../support/hints";

describe("a shell", () => {
  /** A command as it may stand in a hint, without what is said to a person beside it; `<…>` is for them to fill in. */
  const runnable = (hint: string) =>
    hint
      .replace(/ \([^()]*(\([^()]*\)[^()]*)*\)$/, "")
      .replace(/<[\w {}]+>/g, "WORD")
      .replace(/\{(\w+)\}/g, (_, field: string) => field);

  it("can read the command of every hint", () => {
    const entries = Object.entries<ErrorEntry>({ ...cliErrors, ...infraErrors });
    const hints = entries.filter(([code]) => !ADVICE.includes(code)).map(([, { hint }]) => runnable(hint));
    // One that is broken names its line: `sh` tells it.
    execFileSync("sh", ["-n"], { input: hints.join("\n"), stdio: ["pipe", "pipe", "pipe"] });
  });

  it("gives a quoted word as it was before it was quoted", () => {
    for (const word of ["plain", "a b", "it's", '"$HOME"', "back\\slash", "new\nline", "", "*"])
      assert.equal(execFileSync("sh", ["-c", `printf %s ${shellQuote(word)}`], { encoding: "utf8" }), word);
  });
});
