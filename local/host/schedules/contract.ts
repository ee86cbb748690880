export interface RuleSpec {
  name: string;
  arn: string;
  region: string;
  /** Of its `rate(…)`, milliseconds. */
  everyMs: number;
  enabled: boolean;
}

export interface TargetSpec {
  ruleName: string;
  /** Unique in its rule. */
  id: string;
  functionName: string;
  /** JSON text in place of the event. */
  input?: string;
}

/** EventBridge rules with a schedule, whose targets are functions. */
export interface Schedules {
  putRule(spec: RuleSpec): void;
  removeRule(name: string): void;
  putTarget(spec: TargetSpec): void;
  removeTarget(ruleName: string, id: string): void;
  /** Invokes the targets of the rules that are due; the host calls it every second. */
  run(): void;
  /** No rule starts a function any more. What runs is the functions' own to end. */
  close(): void;
}
