import { createHash } from "node:crypto";
import type { Clock, Functions, RuleSpec, Schedules, TargetSpec } from "../services";
import { scheduledEvent } from "./scheduled-event";

export interface SchedulesOptions {
  functions: Pick<Functions, "invoke" | "authorizeInvoke">;
  clock: Clock;
  /** The host's own log: one line for every problem. */
  log(text: string): void;
}

const SERVICE = "events.amazonaws.com";
const LOOK_EVERY_MS = 1_000;
/** Of a function's error object, characters: its type and message come first. */
const PROBLEM_LENGTH = 300;

export function createSchedules(options: SchedulesOptions): Schedules {
  return new LocalSchedules(options);
}

interface Rule {
  spec: RuleSpec;
  /** Milliseconds since the epoch. */
  dueAt: number;
}

/**
 * Starts functions by the clock. A rate has its own place in time, made of the rule's name: the rules of many names
 * do not start together, and a daily one keeps its hour over a restart of the host. What was missed while the host
 * stood still is not made up for, and a target that fails is not tried again before its next time: AWS invokes
 * asynchronously and would try twice more.
 */
class LocalSchedules implements Schedules {
  private readonly rules = new Map<string, Rule>();
  /** By rule, then by id. */
  private readonly targets = new Map<string, Map<string, TargetSpec>>();
  private readonly problems = new Map<string, string>();
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: SchedulesOptions) {
    this.timer = setInterval(() => this.run(), LOOK_EVERY_MS).unref();
  }

  /** A rule whose rate stays as it was keeps its next time. */
  putRule(spec: RuleSpec): void {
    const known = this.rules.get(spec.name);
    const same = known?.spec.everyMs === spec.everyMs && known.spec.enabled === spec.enabled;
    const dueAt = same ? known.dueAt : nextTime(spec, this.options.clock.now());
    this.rules.set(spec.name, { spec, dueAt });
  }

  removeRule(name: string): void {
    this.rules.delete(name);
    this.targets.delete(name);
  }

  putTarget(spec: TargetSpec): void {
    const targets = this.targets.get(spec.ruleName) ?? new Map<string, TargetSpec>();
    this.targets.set(spec.ruleName, targets.set(spec.id, spec));
  }

  removeTarget(ruleName: string, id: string): void {
    this.targets.get(ruleName)?.delete(id);
  }

  run(): void {
    const now = this.options.clock.now();
    for (const [name, rule] of this.rules) {
      if (!rule.spec.enabled || now < rule.dueAt) continue;
      rule.dueAt = nextTime(rule.spec, now);
      for (const target of this.targets.get(name)?.values() ?? []) void this.invoke(rule.spec, target, now);
    }
  }

  close(): void {
    clearInterval(this.timer);
    this.rules.clear();
  }

  /** Never rejects. */
  private async invoke(rule: RuleSpec, target: TargetSpec, now: number): Promise<void> {
    const { functions } = this.options;
    try {
      functions.authorizeInvoke(target.functionName, SERVICE, rule.arn);
      const payload = target.input ?? scheduledEvent(rule, now);
      const { functionError, payload: answer } = await functions.invoke(target.functionName, payload);
      this.say(rule, target, functionError && answer.slice(0, PROBLEM_LENGTH));
    } catch (error) {
      this.say(rule, target, (error as Error).message);
    }
  }

  /** A problem is logged when it comes and when it changes, not every minute. */
  private say({ name }: RuleSpec, { id, functionName }: TargetSpec, problem: string | undefined): void {
    const key = `${name}/${id}`;
    if (problem && problem !== this.problems.get(key)) {
      this.options.log(`rule ${name} -> ${functionName}: ${problem}`);
    }
    if (problem) this.problems.set(key, problem);
    else this.problems.delete(key);
  }
}

/** The first time after `now` at which the rate comes round. */
function nextTime({ arn, everyMs }: RuleSpec, now: number): number {
  const phase = createHash("sha256").update(arn).digest().readUInt32BE(0) % everyMs;
  return now + everyMs - ((now - phase) % everyMs);
}
