import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { dataProgram } from "../../infra/data-program";
import { gatewayProgram } from "../../infra/gateway-program";
import { type Bundler, programWith } from "../../infra/program";
import { type Graph, type RunOptions, run, sharedStacks } from "./pulumi-mocks";

/** Compiles nothing: a file whose folder says what was asked for, such as `preset=github,userFile=mine.ts`. */
export const madeUpBundle: Bundler = async ({ kind, name, cwd, userFile, preset, needsVerify }) => {
  const asked = { preset, userFile: userFile && basename(userFile), needsVerify: needsVerify || undefined };
  const words = Object.entries(asked).filter(([, value]) => value !== undefined);
  const folder = words.map(([key, value]) => `${key}=${value}`).join() || "plain";
  const path = `.nami/build/${name}/${folder}/${kind}.js`;
  const file = join(cwd, path);
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `// ${folder}\n`);
  }
  return { path };
};

/** The same input is run once for the whole process: whoever asks again gets the same graph, which nobody can change. */
function once(runAnew: (options: RunOptions) => Promise<Graph>): (options?: RunOptions) => Promise<Graph> {
  const graphs = new Map<string, Promise<Graph>>();
  return (options = {}) => {
    const key = JSON.stringify(options);
    const graph = graphs.get(key) ?? runAnew(options).then((made) => Object.freeze(frozenIn(made)));
    graphs.set(key, graph);
    return graph;
  };
}

function frozenIn(graph: Graph): Graph {
  for (const part of [graph.resources, graph.invokes, graph.outputs]) frozen(part);
  return graph;
}

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  // Pulumi's own objects, such as archives, stay as they are.
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) frozen(inner);
  return value;
}

/** The program of the project `nami`, beside the shared stacks of "orders", with made-up bundles. */
export const pipelineGraph = once((options) =>
  run(() => programWith({}, madeUpBundle), { stacks: sharedStacks, ...options }),
);

export const dataGraph = once((options) => run(dataProgram, { project: "nami-data", ...options }));

export const gatewayGraph = once((options) =>
  run(gatewayProgram, { project: "nami-gateway", stack: "local-us-east-1", ...options }),
);
