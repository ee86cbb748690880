import assert from "node:assert/strict";
import { controlRequest } from "../../local/host/client";
import { type DemoHome, demoHome } from "../support/home-template";
import { eventually, json, storedEvents } from "../support/nami";
import { post } from "../support/post";

interface Policy {
  urn: string;
  id: string;
  type: string;
  inputs: { policy: string };
}

describe("a permission taken out of a role", function () {
  this.timeout(240_000);
  let home: DemoHome;
  let url: string;
  let policies: Policy[];

  before(async () => {
    home = await demoHome();
    url = home.url;
    policies = await controlRequest<Policy[]>(home.dir, "/resources/list", {
      type: "aws:iam/rolePolicy:RolePolicy",
    });
  });
  after(() => home?.close());

  /** Behind Pulumi's back, as a person in AWS's console would. */
  async function without(action: string, during: () => Promise<void>): Promise<void> {
    const policy = policies.find(({ inputs }) => inputs.policy.includes(action));
    assert.ok(policy, `no policy allows ${action}`);
    const { urn, id, type, inputs } = policy;
    const write = (text: string) =>
      controlRequest(home.dir, "/resources/update", { urn, id, type, inputs: { ...inputs, policy: text } });
    await write(inputs.policy.replaceAll(action, "sqs:ListQueues"));
    try {
      await during();
    } finally {
      await write(inputs.policy);
    }
  }

  it("sqs:SendMessage: the sender is told 503, never 200, and the log names the action", async () => {
    await without("sqs:SendMessage", async () => {
      const answer = await post(url, "x", { "webhook-id": "denied" });
      assert.equal(answer.status, 503);
      assert.ok(answer.headers["retry-after"]);
      assert.match(
        await home.functionLog("demo", "preQueue"),
        /AccessDenied.*not authorized to perform: sqs:SendMessage/,
      );
    });
    assert.equal((await post(url, "x", { "webhook-id": "allowed" })).status, 200);
  });

  it("sqs:ReceiveMessage: events wait in the queue, and `status` names the action", async () => {
    await without("sqs:ReceiveMessage", async () => {
      assert.equal((await post(url, "y", { "webhook-id": "waits" })).status, 200);
      const status = () => json<{ worker: { problem?: string } }>(home.dir, ["status", "demo"]);
      const { worker } = await eventually(status, (now) => now.worker.problem !== undefined, 30);
      assert.match(worker.problem ?? "", /AccessDenied.*sqs:ReceiveMessage/);
    });
    const ids = async () => (await storedEvents(home.dir, "demo")).map(({ _id }) => _id);
    assert.ok((await eventually(ids, (all) => all.includes("demo:waits"), 90)).includes("demo:waits"));
  });
});
