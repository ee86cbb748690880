import type { AlarmSpec, AlarmState, AlarmStatus, Alarms, Clock, Metrics, Topics } from "../services";
import type { AlarmStates } from "./alarm-states";
import { type Datapoint, datapoints } from "./datapoints";
import { evaluate, type Verdict } from "./evaluation";
import { notification } from "./notification";
import { NOT_EVALUATED, reasonOf } from "./reason";

export interface AlarmsOptions {
  metrics: Metrics;
  topics: Topics;
  states: AlarmStates;
  clock: Clock;
  /** Measures what must be asked, before every evaluation. */
  sample(): void;
  /** The host's own log. */
  log(text: string): void;
  /** Between two evaluations, ms; default 5 s. */
  everyMs?: number;
}

/**
 * CloudWatch evaluates once a minute; here someone sits before the terminal. An evaluation of a hundred alarms takes
 * a few milliseconds.
 */
const EVALUATE_EVERY_MS = 5_000;

export function createAlarms(options: AlarmsOptions): Alarms {
  return new LocalAlarms(options);
}

interface Alarm extends AlarmStatus {
  /** Measurements from before are lost with the host's memory, which does not make them missing. */
  blindBefore: number;
}

class LocalAlarms implements Alarms {
  private readonly alarms = new Map<string, Alarm>();
  private readonly timer: NodeJS.Timeout;
  private problem = "";

  constructor(private readonly options: AlarmsOptions) {
    this.timer = setInterval(() => this.evaluate(), options.everyMs ?? EVALUATE_EVERY_MS).unref();
  }

  put(spec: AlarmSpec, { restored = false }: { restored?: boolean } = {}): void {
    const { states, clock } = this.options;
    const now = clock.now();
    const fresh = {
      state: "INSUFFICIENT_DATA" as const,
      reason: NOT_EVALUATED,
      since: now,
      configuredAt: now,
    };
    const before = this.alarms.get(spec.arn) ?? { ...fresh, blindBefore: Number.NEGATIVE_INFINITY };
    const alarm: Alarm = restored
      ? { ...fresh, ...states.find(spec.arn), blindBefore: now, spec }
      : { ...before, configuredAt: now, spec };
    this.alarms.set(spec.arn, alarm);
    if (!restored) states.keep(spec.arn, alarm);
  }

  remove(arn: string): void {
    this.alarms.delete(arn);
    this.options.states.forget(arn);
  }

  list(): AlarmStatus[] {
    return [...this.alarms.values()].map(({ blindBefore: _, actionError, ...status }) =>
      actionError === undefined ? status : { ...status, actionError },
    );
  }

  /** What goes wrong in it, such as a full disk, must not end the host: the next evaluation tries again. */
  evaluate(): void {
    try {
      this.options.sample();
      for (const alarm of this.alarms.values()) this.evaluateOne(alarm);
      this.problem = "";
    } catch (error) {
      const { message, stack } = error as Error;
      if (message !== this.problem) this.options.log(`alarms are not evaluated: ${stack}`);
      this.problem = message;
    }
  }

  close(): void {
    clearInterval(this.timer);
    this.alarms.clear();
  }

  private evaluateOne(alarm: Alarm): void {
    const { metrics, clock } = this.options;
    const range = datapoints(alarm.spec, metrics, clock.now());
    const verdict = evaluate(range, alarm.spec);
    if (!verdict || verdict.state === alarm.state || isBlind(alarm, range, verdict)) return;
    const before = alarm.state;
    alarm.state = verdict.state;
    alarm.reason = reasonOf(verdict, alarm.spec);
    alarm.since = clock.now();
    alarm.actionError = this.notify(alarm, before);
    this.options.states.keep(alarm.spec.arn, alarm);
  }

  /** Tells the topics of the new state. Answers what went wrong, in the words of AWS's alarm history. */
  private notify(alarm: Alarm, before: AlarmState): string | undefined {
    const { actionsEnabled, actions, arn, name } = alarm.spec;
    const errors: string[] = [];
    for (const topic of actionsEnabled ? actions[alarm.state] : []) {
      try {
        const publisher = { service: "cloudwatch.amazonaws.com", sourceArn: arn };
        this.options.topics.publish(topic, notification(alarm, before), publisher);
      } catch (error) {
        errors.push(`Failed to execute action ${topic}. Received error: "${(error as Error).message}"`);
      }
    }
    if (errors.length === 0) return undefined;
    this.options.log(`alarm ${name}: ${errors.join(" ")}`);
    return errors.join(" ");
  }
}

/** After a restart, an alarm keeps its state for as long as it would rest on minutes that nobody remembers. */
function isBlind({ blindBefore, spec }: Alarm, range: Datapoint[], { evaluated, filled }: Verdict): boolean {
  if (filled === 0 || range[0]!.start >= blindBefore) return false;
  return evaluated.filter(({ breaching }) => breaching).length < spec.datapointsToAlarm;
}
