import assert from "node:assert/strict";
import { jsonLog, reasonOf } from "../../../runtime/log";

describe("a log line", () => {
  it("is one line of JSON with the deployment's name", () => {
    const lines: string[] = [];
    jsonLog("demo", (line) => lines.push(line))("error", "two\nlines", { id: "x" });
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      [{ level: "error", message: "two\nlines", name: "demo", id: "x" }],
    );
    assert.ok(!lines[0]!.includes("\n"));
  });

  it("has the text of whatever was thrown", () => {
    assert.equal(reasonOf(new Error("a")), "a");
    assert.equal(reasonOf("b"), "b");
    assert.equal(reasonOf(undefined), "undefined");
  });
});
