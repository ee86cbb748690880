import type { Inputs } from "../../protocol";
import { LOCAL_ACCOUNT } from "../../protocol";
import { AwsError } from "../aws-error";
import type { ResourceKind } from "../services";

type Json = Record<string, unknown>;

interface Problem {
  dataPath: string;
  message: string;
}

const WIDGET_TYPES = ["metric", "text", "log", "alarm", "explorer", "custom"];
/** The grid is 24 wide. */
const PLACES = { x: [0, 23], y: [0, Number.MAX_SAFE_INTEGER], width: [1, 24], height: [1, 1000] } as const;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function placeProblems(widget: Json, dataPath: string): Problem[] {
  return Object.entries(PLACES).flatMap(([name, [min, max]]) => {
    const value = widget[name];
    const right =
      value === undefined || (Number.isInteger(value) && Number(value) >= min && Number(value) <= max);
    return right ? [] : [{ dataPath: `${dataPath}/${name}`, message: `Should be between ${min} and ${max}` }];
  });
}

/** What a graph needs: a region, and metrics or an alarm's annotation. */
function metricProblems(properties: Json, dataPath: string): Problem[] {
  const { region, metrics, annotations } = properties;
  const problems: Problem[] = [];
  if (typeof region !== "string")
    problems.push({ dataPath, message: "Should have required property 'region'" });
  if (metrics === undefined && annotations === undefined) {
    problems.push({ dataPath, message: "Should have required property 'metrics' or 'annotations'" });
  }
  const lines = metrics === undefined ? [] : Array.isArray(metrics) ? metrics : [undefined];
  for (const [at, line] of lines.entries()) {
    if (!Array.isArray(line))
      problems.push({ dataPath: `${dataPath}/metrics/${at}`, message: "Should be array" });
  }
  return problems;
}

function widgetProblems(widget: unknown, at: number): Problem[] {
  const dataPath = `/widgets/${at}`;
  if (!isObject(widget)) return [{ dataPath, message: "Should be object" }];
  const { type, properties } = widget;
  if (!WIDGET_TYPES.includes(type as string)) {
    return [{ dataPath: `${dataPath}/type`, message: `Should be one of: ${WIDGET_TYPES.join(", ")}` }];
  }
  if (!isObject(properties)) {
    return [{ dataPath, message: "Should have required property 'properties'" }];
  }
  const own = type === "metric" ? metricProblems(properties, `${dataPath}/properties`) : [];
  return [...placeProblems(widget, dataPath), ...own];
}

/** Throws AwsError InvalidParameterInput, as PutDashboard does, for a body that would show nothing. */
function check({ dashboardBody }: Inputs): void {
  let body: unknown;
  try {
    body = JSON.parse(String(dashboardBody));
  } catch {
    throw new AwsError("InvalidParameterInput", "The field DashboardBody must be a valid JSON object");
  }
  const widgets = isObject(body) ? body.widgets : undefined;
  const problems = Array.isArray(widgets)
    ? widgets.flatMap(widgetProblems)
    : [{ dataPath: "/widgets", message: "Should be array" }];
  if (problems.length === 0) return;
  const text = `The dashboard body is invalid, there are ${problems.length} validation errors:`;
  throw new AwsError("InvalidParameterInput", `${text} ${JSON.stringify(problems, undefined, 2)}`);
}

/** Checked and kept as a fact: this machine draws no graphs. */
export const dashboard: ResourceKind = {
  type: "aws:cloudwatch/dashboard:Dashboard",
  async create(services, { inputs }) {
    const name = String(inputs.dashboardName);
    if (services.find(this.type, name)) {
      throw new AwsError("AlreadyExists", `A dashboard named ${name} already exists on this machine.`, 409);
    }
    check(inputs);
    // A dashboard belongs to no region.
    return { id: name, outputs: { dashboardArn: `arn:aws:cloudwatch::${LOCAL_ACCOUNT}:dashboard/${name}` } };
  },
  async update(_services, record, inputs) {
    check(inputs);
    return record.outputs;
  },
};
