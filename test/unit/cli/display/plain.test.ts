import assert from "node:assert/strict";
import { logText } from "../../../../cli/display/log-text";
import { plain } from "../../../../cli/display/plain";
import { capturedIo } from "../../../support/captured-io";

describe("text from strangers on a terminal", () => {
  it("moves no cursor and sets no clipboard; text of any language stays", () => {
    assert.equal(plain("\x1b]52;c;aGk=\x07 \x9b2J \x7f"), "\\x1b]52;c;aGk=\\x07 \\x9b2J \\x7f");
    assert.equal(plain("grün\tžluť\n日本 😀"), "grün\tžluť\n日本 😀");
  });

  it("is stripped of control characters in lines of a log, too", () => {
    const io = capturedIo();
    const line = {
      time: "t",
      function: "pre-queue",
      level: "warn",
      message: "a\x1b[2Jb",
      fields: { reason: "\x9b" },
    };
    const text = logText(io, line);
    for (const control of ["\x1b", "\x9b"]) assert.ok(!text.includes(control));
  });
});
