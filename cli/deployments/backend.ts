import { cliError } from "../errors";
import type { Io } from "../io";
import { type LeaseHolder, leaseHolders } from "./lease-holder";
import { engineEnv, inFolder, makeProgramDir, type Workbench } from "./room";
import { isShared, type KeptStack, keptStack, ownFolder, type Project } from "./state";
import { readStack, stackNames } from "./store/checkpoints";
import { mendState } from "./store/state-on-disk";
import { type Store, storeOf } from "./store/store";

interface Listed {
  name: string;
  lastUpdate?: string;
}

/**
 * Reads a state backend: folders and S3 directly, for an engine that only looks takes seconds a name; other schemes
 * through it. Every method throws STATE_UNREACHABLE, AWS_CREDENTIALS_MISSING or STATE_INVALID.
 */
export class Backend {
  private bench?: Promise<Workbench>;
  private isMended = false;

  constructor(
    readonly home: string,
    readonly io: Io,
    /** URL. */
    readonly state: string,
  ) {}

  /** Its objects; undefined for the schemes that only the engine reads. */
  store(): Promise<Store | undefined> {
    const folder = ownFolder(this);
    if (folder && !this.isMended) mendState(folder);
    this.isMended = true;
    return storeOf(this.state, this.io);
  }

  /** Where the state may be several people's, its objects; undefined for NAMI_HOME's own, too. */
  async sharedStore(): Promise<Store | undefined> {
    return isShared(this.home, this.state) ? this.store() : undefined;
  }

  /** The stacks of a project, sorted. */
  async names(project: Project): Promise<string[]> {
    const store = await this.store();
    if (store) return stackNames(store, project);
    const prefix = `organization/${project}/`;
    const listed = await this.listed();
    return listed
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ name }) => name.slice(prefix.length))
      .sort();
  }

  /** A stack with its outputs, secrets left out; undefined when there is none. */
  async stack(project: Project, stack: string): Promise<KeptStack | undefined> {
    const store = await this.store();
    if (store) return readStack(store, project, stack);
    const name = `organization/${project}/${stack}`;
    const found = (await this.listed()).find((each) => each.name === name);
    if (!found) return undefined;
    const { stdout } = await this.ask(["stack", "export", "--stack", name]);
    return keptStack(project, stack, JSON.parse(stdout).deployment ?? {}, new Date(found.lastUpdate ?? 0));
  }

  /** Who works on what in a shared state, by the lock's name; nothing of the locks of this machine. */
  async holders(): Promise<Map<string, LeaseHolder>> {
    const store = await this.sharedStore();
    return store ? leaseHolders(store) : new Map();
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
      const reason = (error as Error).message.replace(/^error: /, "");
      throw cliError("STATE_UNREACHABLE", { state, reason, check: "nami doctor" }, error);
    }
  }
}
