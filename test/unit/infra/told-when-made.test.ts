import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { toldWhenMade } from "../../../infra/told-when-made";

class Queue extends pulumi.CustomResource {}

describe("outputs of a program", () => {
  /** Runs a program whose resources take 20 ms to be made. */
  async function run(program: () => Promise<Record<string, unknown>>, onMade: () => void = () => {}) {
    const mocks: pulumi.runtime.Mocks = {
      async newResource({ name, inputs }) {
        await new Promise((done) => setTimeout(done, 20));
        if (name === "queue") onMade();
        return { id: `${name}-1`, state: inputs };
      },
      call: () => ({}),
    };
    await pulumi.runtime.setMocks(mocks, "nami", "orders");
    const outputs = await pulumi.runtime.runInPulumiStack(program);
    await pulumi.runtime.disconnect(false);
    return outputs;
  }

  const program = toldWhenMade(async () => {
    const parent = new pulumi.ComponentResource("nami:queue:Queue", "parent");
    new Queue("aws:sqs/queue:Queue", "queue", {}, { parent });
    return { answer: 42, key: pulumi.secret("k"), none: undefined, nested: { name: pulumi.output("n") } };
  });

  it("outputs resolve only after every resource is made", async () => {
    const seen: string[] = [];
    await run(
      async () => {
        const outputs = await program();
        (outputs.answer as pulumi.Output<number>).apply(() => seen.push("told"));
        return outputs;
      },
      () => seen.push("made"),
    );
    assert.deepEqual(seen, ["made", "told"]);
  });

  it("outputs keep their values and their secrecy", async () => {
    let outputs: Record<string, pulumi.Output<unknown>> = {};
    await run(async () => {
      outputs = (await program()) as typeof outputs;
      return outputs;
    });
    const told = Object.entries(outputs).map(
      async ([key, value]) =>
        [key, await new Promise((done) => value.apply(done)), await pulumi.isSecret(value)] as const,
    );
    assert.deepEqual(await Promise.all(told), [
      ["answer", 42, false],
      ["key", "k", true],
      ["none", undefined, false],
      ["nested", { name: "n" }, false],
    ]);
  });
});
