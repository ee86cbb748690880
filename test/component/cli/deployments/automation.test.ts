import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials, Server, ServerCredentials, type ServiceError, status } from "@grpc/grpc-js";
import { all, ComponentResource, output, secret } from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import { SupportsFeatureRequest } from "@pulumi/pulumi/proto/resource_pb";
import * as sdkSettings from "@pulumi/pulumi/runtime/settings";
import { inDirectory } from "../../../../cli/deployments/automation";
import type { Workbench } from "../../../../cli/deployments/room";
import { withStack } from "../../../../cli/deployments/stack";
import { ownState } from "../../../../cli/deployments/state";
import { ENGINE_VERSION } from "../../../../cli/engine/version";
import { capturedIo } from "../../../support/captured-io";
import { freePort, sharedTools } from "../../../support/home";

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

  it("deletes nothing when the program loses its connection to the engine", async () => {
    let fail = false;
    const program = async () => {
      if (fail) {
        // The SDK notices this error only as an unhandled rejection, and may have removed its listener by then.
        const sdk = process.listeners("unhandledRejection").at(-1);
        if (sdk) process.off("unhandledRejection", sdk);
        throw Object.assign(new Error("14 UNAVAILABLE: No connection established"), { code: 14 });
      }
      new ComponentResource("test:Part", "one");
    };
    await deployed(program, async (stack) => {
      await stack.up();
      fail = true;
      await assert.rejects(stack.up(), /No connection/);
      const types = (await stack.resources()).map(({ type }) => type);
      assert.ok(types.includes("test:Part"), types.join());
    });
  });

  it("connects at once to an engine that has the port of an earlier one", async () => {
    const { grpcClientOptions } = sdkSettings as unknown as { grpcClientOptions: object };
    const port = await freePort();
    const clients: ResourceMonitorClient[] = [];
    const ask = () => {
      const insecure = credentials.createInsecure();
      const client = new ResourceMonitorClient(`127.0.0.1:${port}`, insecure, grpcClientOptions);
      clients.push(client);
      return new Promise<ServiceError | null>((done) =>
        client.supportsFeature(new SupportsFeatureRequest(), (error) => done(error)),
      );
    };
    assert.equal((await ask())?.code, status.UNAVAILABLE);
    const server = new Server();
    await new Promise<void>((done, fail) =>
      server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) =>
        error ? fail(error) : done(),
      ),
    );
    try {
      // The server has no services. An answer at all proves the connection.
      assert.equal((await ask())?.code, status.UNIMPLEMENTED);
    } finally {
      for (const client of clients) client.close();
      server.forceShutdown();
    }
  });

  it("has the SDK look for leaked promises, without a stack for each of them", async () => {
    const { getStore } = require("@pulumi/pulumi/runtime/state") as {
      getStore(): { leakCandidates: Set<{ _debugStackTrace: string }> };
    };
    let stacks: string[] = [];
    const program = async () => {
      new ComponentResource("test:Part", "one");
      stacks = [...getStore().leakCandidates].map(({ _debugStackTrace }) => _debugStackTrace);
    };
    await deployed(program, (stack) => stack.up());
    assert.deepEqual([...new Set(stacks)], ["Error"]);
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
