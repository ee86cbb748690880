import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import { handlers } from "../../../local/provider/handlers";
import { NotSettled } from "../../../local/provider/patient-host";
import { type Host, Resources } from "../../../local/provider/resources";
import { serve } from "../../../local/provider/rpc-server";
import { inlineStack } from "../../support/engine";

describe("a resource that was created and never becomes ready", function () {
  this.timeout(120_000);
  let home: string;
  before(() => {
    home = mkdtempSync(join(tmpdir(), "nami-half-made-"));
  });
  after(() => rmSync(home, { recursive: true, force: true }));

  it("fails the up, and stays in the state with its id so that a destroy removes it", async () => {
    const removed: string[] = [];
    const url = "http://127.0.0.1:1/000000000000/slow";
    const host = {
      create: async () => {
        throw new NotSettled("the queue does not become ready", url, { url, arn: "arn:aws:sqs:::slow" });
      },
      remove: async ({ id }) => {
        removed.push(id);
        return {};
      },
    } as Partial<Host> as Host;
    const resources = new Resources(host, () => home);
    const provider = await serve(handlers(resources, host, "us-east-1"));
    try {
      const stack = await inlineStack({ home, providerPort: provider.port }, async () => {
        new aws.sqs.Queue("slow");
      });
      await assert.rejects(stack.up(), /the queue does not become ready/);
      const { deployment } = await stack.exportStack();
      const queue = deployment.resources.find(({ type }: { type: string }) => type === "aws:sqs/queue:Queue");
      assert.deepEqual(
        [queue?.id, queue?.outputs?.url, queue?.initErrors],
        [url, url, ["the queue does not become ready"]],
      );
      await stack.destroy();
      assert.deepEqual(removed, [url]);
    } finally {
      await provider.close();
    }
  });
});
