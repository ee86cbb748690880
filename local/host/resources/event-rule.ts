import type { Inputs } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import type { ResourceKind, RuleSpec } from "../services";

const TARGET_TYPE = "aws:cloudwatch/eventTarget:EventTarget";

const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** "rate(5 minutes)" → 300,000 */
function rateMs(expression: string): number {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (!unit) throw new AwsError("ValidationException", "Parameter ScheduleExpression is not valid.");
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

function spec(inputs: Inputs): RuleSpec {
  const name = String(inputs.name);
  const region = String(inputs.region);
  return {
    name,
    arn: arn("events", region, `rule/${name}`),
    region,
    everyMs: rateMs(String(inputs.scheduleExpression)),
    enabled: inputs.state !== "DISABLED",
  };
}

/** A schedule. Its functions are its targets; each lets it in by a permission of its own. */
export const eventRule: ResourceKind = {
  type: "aws:cloudwatch/eventRule:EventRule",
  async create(services, { inputs }) {
    const name = String(inputs.name);
    if (services.find(this.type, name)) {
      throw new AwsError("ResourceAlreadyExistsException", `Rule ${name} already exists.`, 409);
    }
    const made = spec(inputs);
    services.schedules.putRule(made);
    return { id: name, outputs: { arn: made.arn } };
  },
  async restore(services, record) {
    services.schedules.putRule(spec(record.inputs));
  },
  async update(services, record, inputs) {
    services.schedules.putRule(spec(inputs));
    return record.outputs;
  },
  async delete(services, record) {
    if (services.all(TARGET_TYPE).some(({ inputs }) => inputs.rule === record.id)) {
      throw new AwsError("ValidationException", "Rule can't be deleted since it has targets.");
    }
    services.schedules.removeRule(record.id);
  },
};
