import assert from "node:assert/strict";
import { jsonLog, reasonOf } from "../../../runtime/log";

describe("a log line", () => {
  it("is one line of JSON with the deployment's name", () => {
    const lines: string[] = [];
    jsonLog("demo", { write: (line) => lines.push(line) })("error", "two\nlines", { id: "x" });
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      [{ level: "error", message: "two\nlines", name: "demo", id: "x" }],
    );
    assert.ok(!lines[0]!.includes("\n"));
  });

  it("has no secret in any of its texts, however deep and however it is written there", () => {
    const lines: string[] = [];
    const log = jsonLog("demo", { secrets: ["s3cret/päss", "name"], write: (line) => lines.push(line) });
    log("error", "refused s3cret/päss", {
      id: "x",
      error: 'said {"key":"s3cret\\/p\\u00e4ss"}',
      nested: { list: ["a s3cret%2Fp%C3%A4ss b"], count: 3, name: "kept as a field" },
    });
    assert.deepEqual(JSON.parse(lines[0]!), {
      level: "error",
      message: "refused [redacted]",
      name: "demo",
      id: "x",
      error: 'said {"key":"[redacted]"}',
      nested: { list: ["a [redacted] b"], count: 3, name: "kept as a field" },
    });
  });

  it("has the text of whatever was thrown", () => {
    assert.equal(reasonOf(new Error("a")), "a");
    assert.equal(reasonOf("b"), "b");
    assert.equal(reasonOf(undefined), "undefined");
  });
});
