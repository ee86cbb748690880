import assert from "node:assert/strict";
import type { EngineEvent } from "../../../../cli/deployments/stack";
import { changeOf, countChanges, countText, valueText } from "../../../../cli/display/diff";
import { changeLines } from "../../../../cli/display/diff-text";
import { makeProgress } from "../../../../cli/display/progress";
import { capturedIo } from "../../../support/captured-io";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const URN = "urn:pulumi:demo::nami::nami:queue:Queue$aws:sqs/queue:Queue::nami-demo-queue";

function event(kind: string, metadata: object): EngineEvent {
  const whole = { urn: URN, type: "aws:sqs/queue:Queue", op: "create", ...metadata };
  return { sequence: 1, timestamp: 1, [kind]: { metadata: whole } } as unknown as EngineEvent;
}
const announced = (metadata: object) => event("resourcePreEvent", metadata);

describe("what an engine event changes", () => {
  it("names old and new value of each property", () => {
    const change = changeOf(
      announced({
        op: "update",
        detailedDiff: {
          "scalingConfig.maximumConcurrency": { diffKind: "update" },
          'tags["a.b"]': { diffKind: "add" },
        },
        old: { inputs: { scalingConfig: { maximumConcurrency: 5 } } },
        new: { inputs: { scalingConfig: { maximumConcurrency: 6 }, tags: { "a.b": "c" } } },
      }),
    );
    assert.deepEqual(change, {
      action: "update",
      type: "Queue",
      name: "nami-demo-queue",
      properties: [
        { path: "scalingConfig.maximumConcurrency", before: "5", after: "6", replaces: false },
        { path: 'tags["a.b"]', before: "(none)", after: '"c"', replaces: false },
      ],
    });
  });

  it("says which property makes a resource anew, and counts the three steps of that as one", () => {
    const steps = ["create-replacement", "replace", "delete-replaced"].map((op) =>
      changeOf(
        announced({
          op,
          detailedDiff: { name: { diffKind: "update-replace" } },
          old: { inputs: { name: "a" } },
          new: { inputs: { name: "b" } },
        }),
      ),
    );
    const changes = steps.filter((each) => each !== undefined);
    assert.deepEqual(countChanges(changes), { replace: 1 });
    assert.deepEqual(changeLines(capturedIo(), changes[0]!), [
      "  ± Queue nami-demo-queue  made anew because of name",
      '      name: "a" → "b"',
    ]);
  });

  it("tells one change of code, by its hash, for all files in an archive", () => {
    const code = (hash: string) => ({
      code: { [SIGNATURE]: "0def7320c3a5731c473e5ecbe6d01bc7", hash, assets: {} },
    });
    const change = changeOf(
      announced({
        op: "update",
        detailedDiff: { 'code.assets["a.js"]': {}, 'code.assets["b.js"]': {}, code: {} },
        old: { inputs: code("0123456789abcdef") },
        new: { inputs: code("fedcba9876543210") },
      }),
    );
    assert.deepEqual(change?.properties, [
      { path: "code", before: "code 0123456789ab", after: "code fedcba987654", replaces: false },
    ]);
  });

  it("never shows a secret", () => {
    assert.equal(
      valueText({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "xyz" }),
      "[secret]",
    );
  });

  it("is empty for a resource that stays, or that exists in the program alone", () => {
    assert.equal(changeOf(announced({ op: "same" })), undefined);
    assert.equal(changeOf(announced({ type: "nami:queue:Queue" })), undefined);
    assert.equal(changeOf(announced({ type: "pulumi:pulumi:Stack" })), undefined);
    assert.equal(changeOf(event("resOutputsEvent", {})), undefined);
  });

  it("is counted in words per kind of change", () => {
    assert.equal(countText({}), "no changes");
    assert.equal(countText({ create: 2, delete: 1 }), "2 to create, 1 to delete");
  });
});

describe("the progress of an operation", () => {
  it("is shown as plain lines: phases, and each resource when it is done", () => {
    let now = 0;
    const io = capturedIo({ now: () => now });
    const progress = makeProgress(io, { json: false, quiet: false });
    progress.phase("Pipeline demo");
    progress.onEvent(announced({}));
    now = 2500;
    progress.onEvent(event("resOutputsEvent", {}));
    progress.onEvent(announced({ type: "nami:queue:Queue", urn: "x::y" }));
    progress.end();
    assert.equal(io.said(), "Pipeline demo\n  + Queue nami-demo-queue created in 2 s\n");
    assert.equal(io.results(), "");
  });

  it("says nothing of a resource that failed: the error does", () => {
    const io = capturedIo();
    const progress = makeProgress(io, { json: false, quiet: false });
    progress.onEvent(announced({}));
    progress.onEvent(event("resOpFailedEvent", {}));
    progress.end();
    assert.equal(io.said(), "");
  });

  it("is shown as one JSON object a line with --json", () => {
    const io = capturedIo({ now: () => 0 });
    const progress = makeProgress(io, { json: true, quiet: false });
    progress.phase("Data");
    progress.onEvent(announced({}));
    progress.onEvent(event("resOutputsEvent", {}));
    const lines = io
      .said()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    assert.deepEqual(lines, [
      { type: "phase", title: "Data" },
      { type: "resource", action: "create", resource: "Queue nami-demo-queue", ms: 0 },
    ]);
  });

  it("is silent with --quiet", () => {
    const io = capturedIo();
    const progress = makeProgress(io, { json: false, quiet: true });
    progress.phase("Data");
    progress.say("x");
    assert.equal(io.said(), "");
  });
});
