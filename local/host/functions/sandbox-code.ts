/** How the sandbox finds and loads a function's handler, with the errors of AWS's own runtime. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { types } from "node:util";

export type Handler = (event: unknown, context: unknown) => unknown;
type Loaded = Record<string, unknown>;

/** An error of the runtime itself, under AWS's name for it. */
export function runtimeError(name: string, message: string, stack?: string): Error {
  const error = new Error(message);
  error.name = `Runtime.${name}`;
  if (stack) error.stack = stack;
  return error;
}

/** TypeScript would turn a plain import() into require(). */
const importModule = new Function("url", "return import(url)") as (url: string) => Promise<Loaded>;

/** require() first, for it is faster; ES modules that wait at their top can only be imported. */
async function loadFile(file: string): Promise<Loaded> {
  if (file.endsWith(".mjs")) return importModule(pathToFileURL(file).href);
  try {
    return createRequire(file)(file) as Loaded;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ERR_REQUIRE_ASYNC_MODULE" && code !== "ERR_REQUIRE_ESM") throw error;
    return importModule(pathToFileURL(file).href);
  }
}

async function loadModule(root: string, folder: string, name: string): Promise<Loaded> {
  const path = resolve(root, folder, name);
  try {
    for (const extension of ["", ".js", ".mjs", ".cjs"]) {
      if (existsSync(path + extension)) return await loadFile(path + extension);
    }
    const require = createRequire(join(root, "index.js"));
    return require(require.resolve(name, { paths: [root, join(root, folder)] })) as Loaded;
  } catch (error) {
    if (error instanceof SyntaxError) throw runtimeError("UserCodeSyntaxError", String(error), error.stack);
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") {
      throw runtimeError("ImportModuleError", String(error));
    }
    throw error;
  }
}

function findIn(path: string, module: unknown): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (found, key) => (found && typeof found === "object" ? (found as Loaded)[key] : undefined),
      module,
    );
}

/** Of an ES module only: AWS's runtime never looks at a property `default` of CommonJS. */
function defaultOf(module: Loaded): unknown {
  return types.isModuleNamespaceObject(module) ? module.default : undefined;
}

/** `folder/module.export`, as in the function's configuration. */
export async function loadHandler(root: string, name: string): Promise<Handler> {
  if (name.includes("..")) {
    throw runtimeError(
      "MalformedHandlerName",
      `'${name}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`,
    );
  }
  const last = basename(name);
  const match = /^([^.]*)\.(.*)$/.exec(last);
  if (!match) throw runtimeError("MalformedHandlerName", "Bad handler");
  const folder = name.slice(0, name.indexOf(last)).replace(/\/$/, "");
  const module = await loadModule(root, folder, match[1]!);
  const handler = findIn(match[2]!, module) ?? findIn(match[2]!, defaultOf(module));
  if (!handler) throw runtimeError("HandlerNotFound", `${name} is undefined or not exported`);
  if (typeof handler !== "function") throw runtimeError("HandlerNotFound", `${name} is not a function`);
  if (handler.length >= 3) {
    throw runtimeError(
      "CallbackHandlerDeprecated",
      "ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.",
    );
  }
  return handler as Handler;
}
