import assert from "node:assert/strict";
import { type Exported, withMade } from "../../../../cli/deployments/mend";

const made = (name: string, more: object = {}) => ({
  ...{ urn: `urn:pulumi:demo::nami::aws:sqs/queue:Queue::${name}`, type: "aws:sqs/queue:Queue" },
  ...{ custom: true, inputs: { name, __defaults: ["name"] }, parent: "urn:p", ...more },
});
const exported = (resources: object[], pending: object[]): Exported =>
  ({ version: 3, deployment: { manifest: { time: "t" }, resources, pending_operations: pending } }) as never;
const creating = (name: string) => ({ type: "creating", resource: made(name) });

describe("a state that an interrupted run left", () => {
  it("gets what was made, under its id, after all that it may depend on", () => {
    const stack = { urn: "urn:stack", type: "pulumi:pulumi:Stack" };
    const { deployment, version } = withMade(
      exported([stack, made("a", { id: "a1" })], [creating("b")]),
      new Map([[made("b").urn, "b1"]]),
    );
    assert.equal(version, 3);
    assert.deepEqual(
      deployment.resources!.map(({ id }) => id),
      [undefined, "a1", "b1"],
    );
    assert.deepEqual(deployment.resources!.at(-1), { ...made("b"), id: "b1", outputs: made("b").inputs });
    assert.deepEqual(deployment.pending_operations, []);
  });

  it("loses what was not made, and keeps what else is pending and all that is not known here", () => {
    const other = { type: "updating", resource: made("a", { id: "a1" }) };
    const { deployment } = withMade(exported([made("a", { id: "a1" })], [creating("b"), other]), new Map());
    assert.equal(deployment.resources!.length, 1);
    assert.deepEqual(deployment.pending_operations, [other]);
    assert.deepEqual((deployment as { manifest?: object }).manifest, { time: "t" });
  });

  it("gets a replacement in the place of the old one, which is still to be deleted", () => {
    const after = made("dependent", { id: "d" });
    const { deployment } = withMade(
      exported([made("q", { id: "old" }), after], [creating("q")]),
      new Map([[made("q").urn, "new"]]),
    );
    assert.deepEqual(
      deployment.resources!.map((each) => [each.id, each.delete ?? false]),
      [
        ["new", false],
        ["old", true],
        ["d", false],
      ],
    );
  });

  it("gets a replacement whose old one was deleted first in its place", () => {
    const old = made("q", { id: "old", pendingReplacement: true });
    const { deployment } = withMade(exported([old], [creating("q")]), new Map([[made("q").urn, "new"]]));
    assert.deepEqual(
      deployment.resources!.map(({ id }) => id),
      ["new"],
    );
  });
});
