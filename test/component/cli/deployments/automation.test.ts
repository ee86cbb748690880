import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { all, output, secret } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { inDirectory } from "../../../../cli/deployments/automation";
import type { Workbench } from "../../../../cli/deployments/room";
import { withStack } from "../../../../cli/deployments/stack";
import { ownState } from "../../../../cli/deployments/state";
import { ENGINE_VERSION } from "../../../../cli/engine/version";
import { capturedIo } from "../../../support/captured-io";
import { sharedTools } from "../../../support/home";

const room = { project: "nami", stack: "orders" } as const;

const later = <T>(value: T) => new Promise<T>((done) => setTimeout(() => done(value), 50));

/** Outputs of every kind that the programs have. */
const outputs = {
  text: "a name",
  number: 5,
  yes: true,
  nothing: undefined,
  none: null,
  later: output(later("resolved")),
  hidden: secret("hush"),
  nested: { list: ["a", output(later("b"))], hidden: secret("hush"), nothing: undefined },
  joined: all([output(later("x")), secret("y")]).apply((parts) => parts.join("-")),
};

describe("the adapter of the Automation API", function () {
  this.timeout(120_000);
  let home: string;
  let bench: Workbench;

  beforeEach(() => {
    home = realpathSync(mkdtempSync(join(tmpdir(), "nami-automation-")));
    const root = join(sharedTools, `pulumi-${ENGINE_VERSION}`);
    bench = {
      home,
      io: capturedIo({ env: {} }),
      engine: { root, binary: join(root, "bin", "pulumi"), version: ENGINE_VERSION, source: "PATH" },
      state: ownState(home),
      target: "aws",
      secretsProvider: "passphrase",
    };
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  /** Brings a stack up and answers what `work` makes of it. */
  const deployed = <T>(program: PulumiFn, work: (stack: Stack) => Promise<T>): Promise<T> =>
    withStack(bench, room, program, async (stack) => {
      await stack.init();
      return work(stack);
    });
  type Stack = Parameters<Parameters<typeof withStack>[3]>[0];
  const inState = async (stack: Stack) => {
    const { stdout } = await stack.call([
      ...["stack", "output", "--json", "--show-secrets", "--stack", room.stack],
    ]);
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  it("tells after an up what the program returned, which is what the engine has written down", async () => {
    await deployed(
      async () => outputs,
      async (stack) => {
        await stack.up();
        const told = await stack.outputs();
        assert.deepEqual(told, await inState(stack));
        assert.equal(told.joined, "x-y");
      },
    );
  });

  it("leaves secrets secret: in no event, and in the state as cipher text alone", async () => {
    await deployed(
      async () => outputs,
      async (stack) => {
        const events: unknown[] = [];
        await stack.up({ onEvent: (event) => events.push(event) });
        assert.ok(events.length > 0);
        const { stdout } = await stack.call(["stack", "export", "--stack", room.stack]);
        for (const text of [JSON.stringify(events), stdout, (bench.io as { said?(): string }).said?.()])
          assert.doesNotMatch(text ?? "", /hush|x-y/);
      },
    );
  });

  it("asks the state after an up that failed, however much the program had returned", async () => {
    let fail = false;
    const program = async () => {
      if (fail) throw new Error("no");
      return { made: "first" };
    };
    await deployed(program, async (stack) => {
      await stack.up();
      fail = true;
      await assert.rejects(stack.up());
      assert.deepEqual(await stack.outputs(), { made: "first" });
    });
  });

  it("asks the state where nothing was brought up", async () => {
    await deployed(
      async () => ({ made: "here" }),
      (stack) => stack.up(),
    );
    const read = await withStack(
      bench,
      room,
      async () => ({}),
      (stack) => stack.outputs(),
    );
    assert.deepEqual(read, { made: "here" });
  });

  it("comes back to the working directory, also when the work fails", async () => {
    const before = process.cwd();
    assert.equal(await inDirectory(home, async () => process.cwd()), home);
    assert.equal(process.cwd(), before);
    await assert.rejects(
      inDirectory(home, async () => {
        throw new Error("no");
      }),
    );
    assert.equal(process.cwd(), before);
  });
});
