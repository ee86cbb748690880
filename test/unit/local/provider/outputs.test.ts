import assert from "node:assert/strict";
import { diff } from "../../../../local/provider/diff";
import { previewCreate, previewUpdate, stateOf } from "../../../../local/provider/outputs";
import { typeTable } from "../../../../local/provider/types";
import { ARCHIVE, SIGNATURE, UNKNOWN, type Values } from "../../../../local/provider/values";

const lambda = typeTable("aws:lambda/function:Function");
const code = (hash: string) => ({ [SIGNATURE]: ARCHIVE, hash });

function unknowns(state: Values): string[] {
  return Object.keys(state)
    .filter((name) => state[name] === UNKNOWN)
    .sort();
}

describe("the outputs in a preview", () => {
  it("are unknown before a create, except for those the inputs give", () => {
    const state = previewCreate(typeTable("aws:sqs/queue:Queue"), { name: "a", tags: { x: "y" } });
    assert.deepEqual(unknowns(state), ["arn", "url"]);
    assert.equal(state.name, "a");
    assert.deepEqual(state.tagsAll, { x: "y" });
  });

  it("stay known before an update, except for those AWS computes again", () => {
    const older = { name: "f", code: code("x"), timeout: 3 };
    const olds = stateOf(
      lambda,
      older,
      Object.fromEntries(Object.keys(lambda.outputs).map((name) => [name, `old ${name}`])),
    );
    const preview = (newer: Values) => previewUpdate(lambda, newer, olds, diff(lambda, older, newer).changes);
    assert.deepEqual(unknowns(preview({ ...older, timeout: 4 })), ["lastModified"]);
    assert.deepEqual(unknowns(preview({ ...older, code: code("y") })), [
      "codeSha256",
      "lastModified",
      "sourceCodeHash",
      "sourceCodeSize",
    ]);
    assert.equal(preview({ ...older, code: code("y") }).arn, "old arn");
  });

  it("do not show the notes of the provider", () => {
    assert.equal("__defaults" in stateOf(lambda, { name: "f", __defaults: ["name"] }, {}), false);
  });
});
