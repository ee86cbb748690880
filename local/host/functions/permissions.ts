import { AwsError } from "../aws-error";
import type { PolicyStatement } from "../services";

/** ArnLike and StringLike: `*` any characters, `?` one. */
function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

function list(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function principalMatches(principal: unknown, service: string): boolean {
  if (principal === "*" || principal === service) return true;
  const services =
    typeof principal === "object" ? (principal as Record<string, unknown>)?.Service : undefined;
  return list(services).includes(service);
}

/** The facts a service is known by; keys of conditions are not case-sensitive. */
function conditionsHold(statement: PolicyStatement, facts: Record<string, string>): boolean {
  return Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      const fact = facts[key.toLowerCase()];
      if (fact === undefined) return false;
      const exact = operator === "StringEquals";
      return list(wanted).some((pattern) => (exact ? pattern === fact : like(pattern, fact)));
    }),
  );
}

function actionMatches(statement: PolicyStatement, action: string): boolean {
  return list(statement.Action).some((pattern) => like(pattern.toLowerCase(), action.toLowerCase()));
}

/** The resource policies of functions: what `lambda.Permission` adds to, statement by statement. */
export class Permissions {
  private readonly byFunction = new Map<string, Map<string, PolicyStatement>>();

  put(functionName: string, statementId: string, statement: PolicyStatement): void {
    const statements = this.byFunction.get(functionName) ?? new Map<string, PolicyStatement>();
    this.byFunction.set(functionName, statements.set(statementId, statement));
  }

  remove(functionName: string, statementId: string): void {
    this.byFunction.get(functionName)?.delete(statementId);
  }

  removeAll(functionName: string): void {
    this.byFunction.delete(functionName);
  }

  /** Throws AwsError AccessDeniedException unless a statement lets `service` invoke the function from `sourceArn`. */
  authorize(functionName: string, functionArn: string, service: string, sourceArn: string): void {
    const facts = { "aws:sourcearn": sourceArn, "aws:sourceaccount": sourceArn.split(":")[4] ?? "" };
    const matching = [...(this.byFunction.get(functionName)?.values() ?? [])].filter(
      (statement) =>
        actionMatches(statement, "lambda:InvokeFunction") &&
        principalMatches(statement.Principal, service) &&
        conditionsHold(statement, facts),
    );
    const allowed = matching.some((statement) => statement.Effect === "Allow");
    if (allowed && !matching.some((statement) => statement.Effect === "Deny")) return;
    throw new AwsError(
      "AccessDeniedException",
      `User: ${service} is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn} because no resource-based policy allows the lambda:InvokeFunction action`,
      403,
    );
  }
}
