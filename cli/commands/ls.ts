import { CodedError } from "../../runtime/coded-error";
import type { Args, Command } from "../command";
import type { Backend } from "../deployments/backend";
import { listedBackends } from "../deployments/deployments";
import { askedState, type KeptStack } from "../deployments/state";
import { table } from "../display/table";
import { moment } from "../display/time-text";
import { type Io, json, line, note } from "../io";
import { senderUrl } from "../lifecycle/sender-url";
import { type Holder, lockHolder } from "../lock";

interface Row {
  name: string;
  url: string | null;
  target: string | null;
  state: string;
  updatedAt: string;
}

function stateOf(holder: Holder | undefined, stack: KeptStack): string {
  if (holder) return `${holder.command.split(" ")[0]} is running`;
  return stack.pending || typeof stack.outputs.url !== "string" ? "incomplete" : "deployed";
}

function row(home: string, stack: KeptStack, elsewhere: Map<string, Holder>): Row {
  const text = (key: string) =>
    typeof stack.outputs[key] === "string" ? (stack.outputs[key] as string) : null;
  const url = text("url");
  return {
    name: stack.stack,
    url: url && senderUrl(home, stack.outputs.target, url),
    target: text("target"),
    state: stateOf(lockHolder(home, stack.stack) ?? elsewhere.get(stack.stack), stack),
    updatedAt: stack.updatedAt,
  };
}

async function stacks(backend: Backend, project: "nami" | "nami-data"): Promise<KeptStack[]> {
  const names = await backend.names(project);
  const found = await Promise.all(names.map((name) => backend.stack(project, name)));
  return found.filter((stack): stack is KeptStack => stack !== undefined && stack.resources.length > 0);
}

/** Its target is not among the outputs of a data stack: the resources' ARNs and tags would be the only witnesses. */
function keptRow(stack: KeptStack): Row {
  return { name: stack.stack, url: null, target: null, state: "data kept", updatedAt: stack.updatedAt };
}

async function rowsOf(backend: Backend, all: boolean): Promise<Row[]> {
  const [found, holders] = await Promise.all([stacks(backend, "nami"), backend.holders()]);
  const deployed = found.map((stack) => row(backend.home, stack, holders));
  if (!all) return deployed;
  const names = new Set(deployed.map(({ name }) => name));
  const kept = (await stacks(backend, "nami-data")).filter(({ stack }) => !names.has(stack)).map(keptRow);
  return [...deployed, ...kept];
}

/** A place that is only remembered must not keep the others from being listed. */
async function rowsThere(backend: Backend, args: Args, io: Io): Promise<Row[]> {
  try {
    return await rowsOf(backend, args.all === true);
  } catch (error) {
    if (!(error instanceof CodedError) || askedState(args.state, io)) throw error;
    note(io, `not listed: ${error.message}`);
    return [];
  }
}

async function rows(args: Args, io: Io): Promise<Row[]> {
  const found = await Promise.all(listedBackends(args, io).map((backend) => rowsThere(backend, args, io)));
  return found.flat().sort((a, b) => (a.name < b.name ? -1 : 1));
}

export const command: Command = {
  name: "ls",
  aliases: ["list"],
  usage: "ls",
  summary: "The pipelines that are deployed",
  describe:
    "Lists deployed names with their URL. With --all also names that are down and whose data is kept.",
  examples: ["nami ls", "nami ls --all", "nami ls --json"],
  flags: [{ name: "all", alias: "a", type: "boolean", describe: "Also names whose data alone is kept" }],
  async run(args, io) {
    const found = (await rows(args, io)).filter(({ target }) => !args.target || target === args.target);
    if (args.json) return json(io, found);
    if (found.length === 0) {
      note(io, "Nothing is deployed yet. Begin with: nami up orders");
      return;
    }
    const cells = found.map((each) => [
      each.name,
      each.target ?? "",
      each.state,
      each.url ?? "",
      moment(each.updatedAt, io.now()).replace(/ \(.*/, ""),
    ]);
    line(io, table(io, ["name", "target", "state", "url", "updated"], cells));
  },
};
