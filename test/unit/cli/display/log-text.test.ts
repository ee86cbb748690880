import assert from "node:assert/strict";
import { logText, readLine } from "../../../../cli/display/log-text";
import { capturedIo } from "../../../support/captured-io";

const event = (message: string) => ({
  id: "1",
  group: "/g",
  stream: "s",
  time: Date.UTC(2026, 0, 31, 1, 2, 3, 4),
  message,
});
const read = (message: string) => readLine(event(message), () => "post-queue");
const shown = (message: string) => logText(capturedIo(), read(message));

const OURS = `{"level":"error","message":"event not stored","name":"demo","error":"no way","receives":3,"stack":"Error: no way\\n    at index.ts:3:9"}`;

describe("a line of a function's log", () => {
  for (const [where, prefix] of [
    ["as it was written", ""],
    ["with the prefix of the runtime", "2026-01-31T01:02:03.004Z\t8f-1\tINFO\t"],
  ]) {
    it(`of Nami's own, ${where}, is split into level, text and fields`, () => {
      assert.deepEqual(read(`${prefix}${OURS}`), {
        time: "2026-01-31T01:02:03.004Z",
        function: "post-queue",
        level: "error",
        message: "event not stored",
        fields: { error: "no way", receives: 3, stack: "Error: no way\n    at index.ts:3:9" },
      });
      assert.equal(
        shown(`${prefix}${OURS}`),
        '2026-01-31T01:02:03.004Z post-queue error event not stored  error="no way" receives=3\n' +
          "    Error: no way\n        at index.ts:3:9",
      );
    });
  }

  for (const foreign of [
    "START RequestId: 8f Version: $LATEST",
    '{"some":"json"}',
    "{broken",
    "2026-01-31T01:02:03.004Z\t8f\tINFO\tplain",
  ]) {
    it(`of other code is left as it is: ${foreign.slice(0, 20)}`, () => {
      assert.deepEqual(read(`${foreign}\n`), {
        time: "2026-01-31T01:02:03.004Z",
        function: "post-queue",
        message: foreign,
      });
      assert.equal(shown(foreign), `2026-01-31T01:02:03.004Z post-queue ${foreign}`);
    });
  }
});
