import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { paths } from "../../local/paths";
import { cliError } from "../errors";
import type { Io } from "../io";
import { engineEnv, inFolder, makeProgramDir, type Workbench } from "./room";
import {
  askedState,
  type KeptStack,
  keptStack,
  ownState,
  type Project,
  readStack,
  stackNames,
  stateFolder,
} from "./state";

interface Listed {
  name: string;
  lastUpdate?: string;
}

/** Reads a state backend: file:// directly, without the engine; others through it. */
export class Backend {
  private bench?: Promise<Workbench>;

  constructor(
    readonly home: string,
    readonly io: Io,
    /** URL. */
    readonly state: string,
  ) {}

  /** The stacks of a project, sorted. */
  async names(project: Project): Promise<string[]> {
    const folder = stateFolder(this.state);
    if (folder) return stackNames(folder, project);
    const prefix = `organization/${project}/`;
    const listed = await this.listed();
    return listed
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name }) => name.slice(prefix.length))
      .sort();
  }

  /** A stack with its outputs, secrets left out; undefined when there is none. */
  async stack(project: Project, stack: string): Promise<KeptStack | undefined> {
    const folder = stateFolder(this.state);
    if (folder) return readStack(folder, project, stack);
    const name = `organization/${project}/${stack}`;
    const found = (await this.listed()).find((each) => each.name === name);
    if (!found) return undefined;
    const { stdout } = await this.ask(["stack", "export", "--stack", name]);
    return keptStack(project, stack, JSON.parse(stdout).deployment ?? {}, new Date(found.lastUpdate ?? 0));
  }

  private async listed(): Promise<Listed[]> {
    return JSON.parse((await this.ask(["stack", "ls", "--all", "--json"])).stdout) as Listed[];
  }

  private async ask(args: string[]) {
    const { home, io, state } = this;
    const { ensureEngine } = await import("../engine/engine");
    this.bench ??= ensureEngine({ home, io }).then((engine) => ({ home, io, state, engine, target: "aws" }));
    const bench = await this.bench;
    try {
      return await inFolder(bench, makeProgramDir(home), args, { env: engineEnv(bench) });
    } catch (error) {
      throw cliError(
        "STATE_UNREACHABLE",
        { state, reason: (error as Error).message.replace(/^error: /, "") },
        error,
      );
    }
  }
}

const placeFile = (home: string, name: string) => join(paths.work(home), "places", `${name}.json`);

/** Keeps in mind that a name's state lies elsewhere than in NAMI_HOME. */
export function rememberState(home: string, name: string, state: string): void {
  if (state === ownState(home)) return;
  mkdirSync(join(paths.work(home), "places"), { recursive: true });
  writeFileSync(placeFile(home, name), JSON.stringify({ state }));
}

export function forgetState(home: string, name: string): void {
  rmSync(placeFile(home, name), { force: true });
}

/** Every backend besides NAMI_HOME's own that names are known to be in. */
export function rememberedStates(home: string): string[] {
  const dir = join(paths.work(home), "places");
  if (!existsSync(dir)) return [];
  const states = readdirSync(dir).map((file) => rememberedState(home, file.replace(/\.json$/, "")));
  return [...new Set(states.filter((state) => state !== undefined))];
}

/** Where this name's state is known to lie; undefined when the name is not known here. */
export function rememberedState(home: string, name: string): string | undefined {
  const file = placeFile(home, name);
  if (existsSync(file)) return (JSON.parse(readFileSync(file, "utf8")) as { state: string }).state;
  const folder = paths.state(home);
  const here = (["nami", "nami-data"] as const).some((project) => stackNames(folder, project).includes(name));
  return here ? ownState(home) : undefined;
}

/** The backend to look a name up in: the one it is known to be in, else the one asked for, else NAMI_HOME's. */
export function backendOf(home: string, io: Io, name: string, given: unknown): Backend {
  const state = rememberedState(home, name) ?? askedState(given, io) ?? ownState(home);
  return new Backend(home, io, state);
}
