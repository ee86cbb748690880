import { CodedError } from "../../runtime/coded-error";
import type { Args, Command } from "../command";
import type { Backend } from "../deployments/backend";
import { listedBackends } from "../deployments/deployments";
import { devMarks } from "../deployments/dev-mark";
import { rememberedProfile } from "../deployments/profiles";
import { askedState, type KeptStack } from "../deployments/state";
import { table } from "../display/table";
import { moment } from "../display/time-text";
import { colors, type Io, json, line, note } from "../io";
import { senderUrl } from "../lifecycle/sender-url";
import { type Holder, lockHolder } from "../lock";
import { ringingAlarms } from "../operate/alarms";

interface Row {
  name: string;
  url: string | null;
  target: string | null;
  region: string | null;
  state: string;
  /** Alarms that have gone off, by name; null when there is nobody to ask. */
  alarms: string[] | null;
  updatedAt: string;
}

/** What is known of alarms, by place: asked once for all names there. */
class Alarms {
  private readonly asked = new Map<string, ReturnType<typeof ringingAlarms>>();

  /** null when it could not be found out. */
  async of(home: string, { stack, outputs }: KeptStack): Promise<string[] | null> {
    const { alarms: own, target, region } = outputs;
    if (!Array.isArray(own) || typeof target !== "string") return null;
    const place = { home, target, region: String(region), profile: rememberedProfile(home, stack) };
    const key = JSON.stringify(place);
    if (!this.asked.has(key)) this.asked.set(key, ringingAlarms(place));
    const ringing = await this.asked.get(key);
    return ringing ? own.filter((name) => ringing.has(String(name))) : null;
  }
}

/** What every row is made with. */
interface Known {
  /** Who works on a name elsewhere. */
  elsewhere: Map<string, Holder>;
  /** The names whose code `nami dev` has exchanged. */
  developed: ReadonlySet<string>;
  alarms: Alarms;
}

function stateOf(holder: Holder | undefined, stack: KeptStack, { developed }: Known): string {
  if (holder) return `${holder.command.split(" ")[0]} is running`;
  if (stack.pending || typeof stack.outputs.url !== "string") return "incomplete";
  return developed.has(stack.stack) ? "changed by dev" : "deployed";
}

async function row(home: string, stack: KeptStack, known: Known): Promise<Row> {
  const { elsewhere, alarms } = known;
  const text = (key: string) =>
    typeof stack.outputs[key] === "string" ? (stack.outputs[key] as string) : null;
  const url = text("url");
  return {
    name: stack.stack,
    url: url && senderUrl(home, stack.outputs.target, url),
    target: text("target"),
    region: text("region"),
    state: stateOf(lockHolder(home, stack.stack) ?? elsewhere.get(stack.stack), stack, known),
    alarms: await alarms.of(home, stack),
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
  const { stack: name, updatedAt } = stack;
  return { name, url: null, target: null, region: null, state: "data kept", alarms: null, updatedAt };
}

/** Where the data alone is kept, its place is not known. */
function isAt(row: Row, what: "target" | "region", wanted: string | undefined): boolean {
  return !wanted || row[what] === wanted;
}

function alarmCell({ alarms }: Row, io: Io): string {
  if (!alarms) return "";
  return alarms.length === 0 ? "none" : colors(io).red(String(alarms.length));
}

async function rowsOf(backend: Backend, all: boolean, alarms: Alarms): Promise<Row[]> {
  const [found, elsewhere, developed] = await Promise.all([
    stacks(backend, "nami"),
    backend.holders(),
    devMarks(backend),
  ]);
  const known = { elsewhere, developed, alarms };
  const deployed = await Promise.all(found.map((stack) => row(backend.home, stack, known)));
  if (!all) return deployed;
  const names = new Set(deployed.map(({ name }) => name));
  const kept = (await stacks(backend, "nami-data")).filter(({ stack }) => !names.has(stack)).map(keptRow);
  return [...deployed, ...kept];
}

/** A place that is only remembered must not keep the others from being listed. */
async function rowsThere(
  backend: Backend,
  { args, io, alarms }: { args: Args; io: Io; alarms: Alarms },
): Promise<Row[]> {
  try {
    return await rowsOf(backend, args.all === true, alarms);
  } catch (error) {
    if (!(error instanceof CodedError) || askedState(args.state, io)) throw error;
    note(io, `not listed: ${error.message}`);
    return [];
  }
}

async function rows(args: Args, io: Io): Promise<Row[]> {
  const alarms = new Alarms();
  const found = await Promise.all(
    listedBackends(args, io).map((backend) => rowsThere(backend, { args, io, alarms })),
  );
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
    const all = await rows(args, io);
    const { target, region } = args;
    const found = all.filter((each) => isAt(each, "target", target) && isAt(each, "region", region));
    if (args.json) return json(io, found);
    if (found.length === 0) {
      const where = [target, region].filter(Boolean).join(", ");
      if (where && all.length > 0) note(io, `Nothing of ${all.length} is at ${where}. All: nami ls`);
      else note(io, "Nothing is deployed yet. Begin with: nami up orders");
      return;
    }
    const cells = found.map((each) => [
      each.name,
      each.target ?? "",
      each.state,
      alarmCell(each, io),
      each.url ?? "",
      moment(each.updatedAt, io.now()).replace(/ \(.*/, ""),
    ]);
    line(io, table(io, ["name", "target", "state", "alarms", "url", "updated"], cells));
  },
};
