import { rmSync } from "node:fs";
import type { EngineEvent, PulumiFn, StackSettings } from "@pulumi/pulumi/automation";
import type { Written } from "../../infra/options";
import { EngineFailure, type EngineResult } from "../engine/call";
import { type Automated, automate } from "./automation";
import { type NewConfig, newSecrets, readSettings, withOptions, writtenIn } from "./config";
import { isChange, see } from "./engine-events";
import { translate } from "./errors";
import { guarded } from "./guard";
import { forgetSharedConfig, keepConfig, takeConfig } from "./last-config";
import { type Exported, withMade } from "./mend";
import {
  closeRunDir,
  engineEnv,
  inFolder,
  keepState,
  makeProgramDir,
  openRunDir,
  type Room,
  settingsFile,
  type Workbench,
} from "./room";
import { PASSPHRASE } from "./secrets-provider";
import { revealed, type StateResource } from "./state";

export type { EngineEvent, PulumiFn } from "@pulumi/pulumi/automation";

export interface Operation {
  onEvent?(event: EngineEvent): void;
  /** Look at what really exists first. */
  refresh?: boolean;
}

/** One stack, in a folder of its own for one operation. Use `withStack`. */
export class OpenStack {
  /** Of the last `up`, when it ended well. */
  private told: Record<string, unknown> | undefined;

  private constructor(
    readonly bench: Workbench,
    readonly room: Room,
    readonly dir: string,
    private readonly automated: Automated,
  ) {}

  get workspace() {
    return this.automated.workspace;
  }

  private get stack() {
    return this.automated.stack;
  }

  static async open(bench: Workbench, room: Room, program: PulumiFn): Promise<OpenStack> {
    const dir = openRunDir(bench, room);
    const where = { name: room.stack, workDir: dir, envVars: engineEnv(bench) };
    return new OpenStack(bench, room, dir, await automate(bench.engine, where, program));
  }

  /**
   * Makes the stack itself, with nothing in it. `salt`: of another stack in this state, whose passphrase this one shares.
   * The engine takes a quarter of a second to make a key of a passphrase, once for each salt that a run meets.
   */
  async init(salt?: string): Promise<void> {
    const { lease, secretsProvider = PASSPHRASE } = this.bench;
    // What an earlier stack of this name left behind belongs to that one.
    rmSync(settingsFile(this.dir, this.room), { force: true });
    if (salt && secretsProvider === PASSPHRASE)
      await this.workspace.saveStackSettings(this.room.stack, { encryptionSalt: salt });
    await lease?.confirm();
    await forgetSharedConfig(this.bench, this.room);
    const key = secretsProvider === PASSPHRASE ? [] : ["--secrets-provider", secretsProvider];
    await this.call(["stack", "init", this.room.stack, "--no-select", ...key]);
  }

  /** The options of the last deployment, as typed. */
  async written(): Promise<Written> {
    return writtenIn(await readSettings(this.workspace, this.room.stack));
  }

  /** Takes the config of the last deployment, by whomever. A stack never deployed has none. */
  freshConfig(): Promise<void> {
    return takeConfig(this.bench, this.room, this.dir, async () => {
      try {
        await this.call(["config", "refresh", "--force", "--stack", this.room.stack]);
      } catch (error) {
        const { cause } = error as Error;
        const none = /no previous deployment|not found|no stack/i;
        if (!(cause instanceof EngineFailure && none.test(cause.message))) throw error;
      }
    });
  }

  /** The config of this run counts as deployed. */
  keepConfig(): Promise<void> {
    return keepConfig(this.bench, this.room, this.dir);
  }

  async configure(config: NewConfig): Promise<void> {
    const settings: StackSettings = await readSettings(this.workspace, this.room.stack);
    await this.workspace.saveStackSettings(this.room.stack, withOptions(this.room.project, settings, config));
    for (const [key, value] of newSecrets(this.room.project, config)) {
      await this.call(["config", "set", "--secret", key, "--stack", this.room.stack], value);
    }
  }

  preview(operation: Operation = {}): Promise<void> {
    return this.operate(operation, async (options) => {
      await this.stack.preview(options);
    });
  }

  /** Answers whether anything was changed. The config counts as deployed from the first change on. */
  async up(operation: Operation = {}): Promise<{ changed: boolean }> {
    let keeping: Promise<void> | undefined;
    const onEvent = (event: EngineEvent) => {
      if (!keeping && isChange(event)) {
        keeping = this.keepConfig();
        // Whether it could be written is asked below; until then it is nobody's rejection.
        keeping.catch(() => {});
      }
      operation.onEvent?.(event);
    };
    this.told = undefined;
    await this.bench.lease?.confirm();
    await this.operate({ ...operation, onEvent }, (options) => this.stack.up(options)).finally(() => keeping);
    await this.keepConfig();
    this.told = this.automated.returned();
    return { changed: keeping !== undefined };
  }

  /** Destroys all, or the given resources alone; their stack stays. */
  async destroy(operation: Operation & { target?: string[] } = {}): Promise<void> {
    await this.bench.lease?.confirm();
    await this.operate(operation, (options) => this.stack.destroy({ ...options, target: operation.target }));
  }

  /** Takes what an interrupted run made into the state, by URN and id, and looks at it; see mend.ts. */
  async adopt(ids: ReadonlyMap<string, string>): Promise<void> {
    const { stdout } = await this.call(["stack", "export", "--stack", this.room.stack]);
    const mended = withMade(JSON.parse(stdout) as Exported, ids);
    const input = JSON.stringify(mended);
    await this.bench.lease?.confirm();
    // The run that was interrupted may have left its lock, too.
    await guarded(this, () =>
      inFolder(this.bench, this.dir, ["stack", "import", "--stack", this.room.stack], { input }),
    );
    if (ids.size === 0) return;
    await this.operate({}, (options) => this.stack.refresh({ ...options, target: [...ids.keys()] }));
  }

  /** Forgets the stack. Its resources must be gone, unless `force`: then it is forgotten with them, and with its backups. */
  async remove({ force = false } = {}): Promise<void> {
    await this.bench.lease?.confirm();
    const flags = force ? ["--force", "--remove-backups"] : [];
    await this.call(["stack", "rm", "--yes", ...flags, "--stack", this.room.stack]);
  }

  /**
   * Every output, secrets in plain text: after an `up` what its program returned, which is what the engine wrote down; else
   * what the state has.
   */
  async outputs(): Promise<Record<string, unknown>> {
    if (this.told) return this.told;
    const { stdout } = await this.call([
      "stack",
      "output",
      "--json",
      "--show-secrets",
      "--stack",
      this.room.stack,
    ]);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** Every resource with its inputs and outputs, secrets in plain text. */
  async resources(): Promise<StateResource[]> {
    const { stdout } = await this.call(["stack", "export", "--show-secrets", "--stack", this.room.stack]);
    return revealed(JSON.parse(stdout).deployment?.resources ?? []) as StateResource[];
  }

  /** One call of the engine beside the Automation API; `input` goes through its stdin. Throws what stands in docs/errors.md. */
  async call(args: string[], input?: string): Promise<EngineResult> {
    try {
      return await inFolder(this.bench, this.dir, args, { input });
    } catch (error) {
      throw translate(error, this.room, { thrown: [], diagnostics: [], warnings: [] }, this.bench);
    }
  }

  private operate(operation: Operation, run: (options: object) => Promise<unknown>): Promise<void> {
    const { onText, io } = this.bench;
    makeProgramDir(this.bench.home);
    return guarded(this, (seen) =>
      run({
        color: "never",
        refresh: operation.refresh,
        signal: io.signal,
        onOutput: onText,
        onError: onText,
        onEvent: (event: EngineEvent) => {
          see(event, seen);
          operation.onEvent?.(event);
        },
      }),
    );
  }
}

/** Opens a stack for one operation, with the config of its last deployment, and clears up behind it. */
export async function withStack<T>(
  bench: Workbench,
  room: Room,
  program: PulumiFn,
  work: (stack: OpenStack) => Promise<T>,
): Promise<T> {
  const stack = await OpenStack.open(bench, room, program);
  try {
    return await work(stack);
  } finally {
    closeRunDir(stack.dir);
    keepState(bench);
  }
}
