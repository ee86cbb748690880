import assert from "node:assert/strict";
import { eventTable, printEvent, rawSize, type StoredEvent } from "../../../../cli/display/event-text";
import { elapsed, longStep } from "../../../../cli/display/long-step";
import { facts, table } from "../../../../cli/display/table";
import { moment, span } from "../../../../cli/display/time-text";
import { capturedIo } from "../../../support/captured-io";

const NOW = Date.parse("2026-01-02T03:04:05Z");

const event = (more: Partial<StoredEvent> = {}): StoredEvent => ({
  _id: "demo:1",
  name: "demo",
  receivedAt: { $date: "2026-01-02T03:03:05Z" },
  contentType: "application/json",
  raw: { $binary: { base64: Buffer.from('{"a":1}').toString("base64") } },
  body: { a: 1 },
  request: { method: "POST", path: "/demo", headers: { host: "x" }, sourceIp: "10.0.0.1" },
  attempts: 1,
  duplicates: 0,
  ...more,
});

describe("the terminal output", () => {
  it("shows a span in the largest unit that fits", () => {
    const texts = [-5, 0, 59_999, 60_000, 3_599_999, 3_600_000, 86_400_000 * 3].map(span);
    assert.deepEqual(texts, ["0 s", "0 s", "59 s", "1 min", "59 min", "1 h", "3 d"]);
  });

  it("shows a moment as a time and as how long ago", () => {
    assert.equal(moment("2026-01-02T03:01:05Z", NOW), "3 min ago (2026-01-02 03:01:05Z)");
  });

  it("shows a table without borders and without blanks at the ends of lines", () => {
    const text = table(
      capturedIo(),
      ["NAME", "STATE"],
      [
        ["demo", "deployed"],
        ["longer-name", ""],
      ],
    );
    assert.deepEqual(text.split("\n"), ["NAME         STATE", "demo         deployed", "longer-name"]);
    assert.equal(
      facts(capturedIo(), [
        ["a", "1"],
        ["bcd", "2"],
      ]),
      "a    1\nbcd  2",
    );
  });

  it("tells of a long step how it ended and how long it took", () => {
    let now = 0;
    const io = capturedIo({ now: () => now });
    const step = longStep(io, "building");
    now = 185_000;
    step.end("done");
    assert.equal(io.said(), "building ...\nbuilding: done (3 min 5 s)\n");
    assert.equal(elapsed(59_999), "59 s");
  });
});

describe("stored events on the terminal", () => {
  it("are rows that tell what is unusual about them", () => {
    const io = capturedIo({ now: () => NOW });
    const odd = event({
      _id: "demo:2",
      conflict: true,
      duplicates: 2,
      attempts: 3,
      body: undefined,
      bodyError: "not JSON",
    });
    const [, first, second] = eventTable(io, [event(), odd]).split("\n");
    assert.match(first ?? "", /^1 min ago \(2026-01-02 03:03:05Z\) +demo:1 +application\/json +7 B$/);
    assert.match(second ?? "", /conflict, 2 duplicates, body not parsed, attempt 3$/);
  });

  it("show everything of one, also what user code added", () => {
    const io = capturedIo({ now: () => NOW });
    printEvent(io, event({ customer: "c-7", requestId: "r1" }));
    for (const part of [
      /raw +7 bytes/,
      /POST \/demo from 10\.0\.0\.1/,
      /host +x/,
      /"a": 1/,
      /customer +c-7/,
      /requestId +r1/,
    ]) {
      assert.match(io.results(), part);
    }
  });

  it("show text as text and other bytes as base64 when there is no body", () => {
    const shown = (bytes: Buffer) => {
      const io = capturedIo();
      printEvent(io, event({ body: undefined, raw: { $binary: { base64: bytes.toString("base64") } } }));
      return io.results().trim().split("\n").at(-1);
    };
    assert.equal(shown(Buffer.from("<ü/>")), "<ü/>");
    assert.equal(shown(Buffer.from([0xff, 0xfe])), "base64 //4=");
    assert.equal(rawSize(event({ raw: undefined })), 0);
  });
});
