import type { EngineEvent } from "../deployments/stack";
import { colors, type Io, note } from "../io";
import { type Action, isShown, typeName } from "./diff";
import { sign } from "./diff-text";
import { elapsed } from "./long-step";

/** What a person sees while something is done. */
export interface Progress {
  /** A part of the work begins, e.g. "Data"; the one before has ended. */
  phase(title: string): void;
  /** What is going on inside the phase. */
  step(text: string): void;
  /** A remark that stays. */
  say(text: string): void;
  onEvent(event: EngineEvent): void;
  /** Nothing more comes. */
  end(): void;
}

const DONE: Record<string, [Action, string]> = {
  create: ["create", "created"],
  import: ["create", "taken over"],
  update: ["update", "changed"],
  "create-replacement": ["replace", "made anew"],
  delete: ["delete", "deleted"],
};

const GOING: Record<Action, string> = {
  create: "creating",
  update: "changing",
  replace: "replacing",
  delete: "deleting",
};
const LIVE_INTERVAL = 200;
/** Where nobody watches live, a line this often shows what is still at work. Milliseconds. */
const PLAIN_INTERVAL = 10_000;

interface Running {
  action: Action;
  label: string;
  since: number;
}

/** Follows the engine: which resources are at work, since when. */
class Resources {
  readonly running = new Map<string, Running>();
  finished = 0;

  constructor(private readonly now: () => number) {}

  /** Answers what an event ended; undefined for all others. */
  take(event: EngineEvent): (Running & { done: string }) | undefined {
    const metadata = (event.resourcePreEvent ?? event.resOutputsEvent ?? event.resOpFailedEvent)?.metadata;
    if (!metadata || !isShown(metadata)) return undefined;
    const known = DONE[metadata.op];
    if (!known) return undefined;
    const [action, done] = known;
    if (event.resourcePreEvent) {
      const label = `${typeName(metadata.type)} ${metadata.urn.split("::").pop()}`;
      this.running.set(metadata.urn, { action, label, since: this.now() });
      return undefined;
    }
    const running = this.running.get(metadata.urn);
    this.running.delete(metadata.urn);
    if (!running || event.resOpFailedEvent) return undefined;
    this.finished++;
    return { ...running, done };
  }

  /** The one that has been at work longest. */
  oldest(): Running | undefined {
    return [...this.running.values()].sort((a, b) => a.since - b.since)[0];
  }
}

/** Lines on `io.err`; on a terminal also a live last line. */
class TextProgress implements Progress {
  private readonly resources: Resources;
  private readonly timer: NodeJS.Timeout;
  private title = "";
  private detail = "";
  private started: number;
  private spoken: number;

  constructor(private readonly io: Io) {
    this.started = io.now();
    this.spoken = io.now();
    this.resources = new Resources(io.now);
    this.timer = setInterval(() => (io.isTTY ? this.draw() : this.remind()), LIVE_INTERVAL);
    this.timer.unref();
  }

  phase(title: string): void {
    this.title = title;
    this.detail = "";
    this.started = this.io.now();
    if (!this.io.isTTY) this.print(colors(this.io).bold(title));
  }

  step(text: string): void {
    this.detail = text;
    if (!this.io.isTTY) this.print(`  ${text}`);
  }

  say(text: string): void {
    this.print(`  ${text}`);
  }

  onEvent(event: EngineEvent): void {
    const ended = this.resources.take(event);
    if (!ended) return;
    const time = this.io.now() - ended.since;
    const took = time < 1000 ? "" : ` in ${elapsed(time)}`;
    this.print(`  ${sign(this.io, ended.action)} ${ended.label} ${colors(this.io).dim(ended.done + took)}`);
  }

  end(): void {
    clearInterval(this.timer);
    this.clear();
  }

  private print(text: string): void {
    this.clear();
    note(this.io, text);
    this.spoken = this.io.now();
  }

  private clear(): void {
    if (this.io.isTTY) this.io.err.write("\r\x1b[K");
  }

  private status(): string {
    const oldest = this.resources.oldest();
    const doing = oldest
      ? `${GOING[oldest.action]} ${oldest.label} (${elapsed(this.io.now() - oldest.since)})`
      : this.detail;
    return [`${this.title} ${elapsed(this.io.now() - this.started)}`, doing].filter(Boolean).join("  ");
  }

  private draw(): void {
    if (!this.title) return;
    const text = this.status().slice(0, Math.max(20, this.io.columns - 1));
    this.io.err.write(`\r\x1b[K${colors(this.io).dim(text)}`);
  }

  private remind(): void {
    if (this.title && this.io.now() - this.spoken >= PLAIN_INTERVAL) this.print(`  … ${this.status()}`);
  }
}

/** One JSON object a line on `io.err`, for programs that watch. */
class JsonProgress implements Progress {
  private readonly resources: Resources;

  constructor(private readonly io: Io) {
    this.resources = new Resources(io.now);
  }

  phase(title: string): void {
    this.write({ type: "phase", title });
  }
  step(text: string): void {
    this.write({ type: "step", text });
  }
  say(text: string): void {
    this.write({ type: "note", text });
  }
  onEvent(event: EngineEvent): void {
    const ended = this.resources.take(event);
    if (ended)
      this.write({
        type: "resource",
        action: ended.action,
        resource: ended.label,
        ms: this.io.now() - ended.since,
      });
  }
  end(): void {}

  private write(value: object): void {
    note(this.io, JSON.stringify(value));
  }
}

const silent: Progress = { phase() {}, step() {}, say() {}, onEvent() {}, end() {} };

/** The progress a command's flags ask for. */
export function makeProgress(io: Io, { json, quiet }: { json: boolean; quiet: boolean }): Progress {
  if (quiet) return silent;
  return json ? new JsonProgress(io) : new TextProgress(io);
}
