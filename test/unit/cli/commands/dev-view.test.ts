import assert from "node:assert/strict";
import { viewOf } from "../../../../cli/commands/dev";
import { cliError } from "../../../../cli/errors";
import { infraError } from "../../../../infra/errors";
import { capturedIo } from "../../../support/captured-io";

describe("what nami dev says of code that cannot run", () => {
  const said = (error: Error) => {
    const io = capturedIo();
    viewOf(io, false).problem("pre-queue", error);
    return io.said();
  };

  it("tells what is wrong with the code and no command: saving mends it, and an up would find the name locked", () => {
    const facts = {
      name: "demo",
      option: "pre-queue",
      path: "index.ts",
      problem: "odd",
      place: "\n  index.ts:1:2",
    };
    const text = said(infraError("HANDLER_INVALID", facts));
    assert.match(text, /error\[HANDLER_INVALID\]: index\.ts cannot be bundled: odd\n {2}index\.ts:1:2\n$/);
  });

  it("keeps the hint of any other error", () => {
    assert.match(
      said(cliError("PARTS_MISSING", { name: "demo", place: "", reason: "" })),
      /try: nami up demo --refresh/,
    );
  });
});
