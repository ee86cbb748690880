import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import { type HandlerSettings, handlerFactory } from "../../../infra/handler-factory";

const ROOT = join(__dirname, "..", "..", "..");
const PATH = ".nami/build/orders/1f3a/pre-queue.js";
const SETTINGS = { name: "orders", maxMessageBytes: 1_048_576, verification: { scheme: "none" } };

/** As CallbackFunction does it. */
const textOf = async (factory: typeof handlerFactory) =>
  (
    await pulumi.runtime.serializeFunction(factory(PATH, SETTINGS), {
      serialize: () => true,
      exportName: "handler",
      isFactoryFunction: true,
      allowSecrets: true,
    })
  ).text;

/** Runs the text as Lambda does, with a `require` that knows the bundle alone. */
function load(text: string, createHandler: (settings: HandlerSettings) => unknown) {
  const module = { exports: {} as Record<string, (event: unknown) => Promise<unknown>> };
  const required: string[] = [];
  const fakeRequire = (path: string) => {
    required.push(path);
    return { createHandler };
  };
  new Function("exports", "require", "module", text)(module.exports, fakeRequire, module);
  return { handler: module.exports.handler!, required };
}

describe("handler factory, serialized", () => {
  it("the serialized factory requires only the bundle and makes its handler once, from the settings", async () => {
    const given: HandlerSettings[] = [];
    const { handler, required } = load(await textOf(handlerFactory), (settings) => {
      given.push(settings);
      return async (event: unknown) => ({ echoed: event });
    });
    assert.deepEqual(await handler({ n: 1 }), { echoed: { n: 1 } });
    assert.deepEqual(await handler({ n: 2 }), { echoed: { n: 2 } });
    assert.deepEqual(required, [`./${PATH}`]);
    assert.deepEqual(given, [SETTINGS]);
  });

  it("the serialized factory is the same text from ts-node and from the build", async () => {
    const built = ts.transpileModule(readFileSync(join(ROOT, "infra", "handler-factory.ts"), "utf8"), {
      compilerOptions: buildOptions(),
    }).outputText;
    const module = { exports: {} as { handlerFactory: typeof handlerFactory } };
    new Function("exports", "require", "module", built)(module.exports, require, module);
    assert.equal(await textOf(module.exports.handlerFactory), await textOf(handlerFactory));
  });

  it("the serialized factory names its bundle and holds no path of this machine", async () => {
    const text = await textOf(handlerFactory);
    assert.ok(!text.includes(ROOT));
    assert.ok(text.length < 1500, `${text.length} characters`);
    assert.ok(text.includes(PATH));
  });
});

function buildOptions(): ts.CompilerOptions {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => assert.fail("tsconfig.build.json") };
  return ts.getParsedCommandLineOfConfigFile(join(ROOT, "tsconfig.build.json"), {}, host)!.options;
}
