import { AwsError } from "../aws-error";
import { evaluateFor } from "../iam/policy";
import type { PolicyStatement } from "../services";

const ACTION = "lambda:InvokeFunction";

/** The resource policies of functions: what `lambda.Permission` adds to, statement by statement. */
export class Permissions {
  private readonly byFunction = new Map<string, Map<string, PolicyStatement>>();

  /** A statement without a resource is about its function. */
  put(functionName: string, statementId: string, statement: PolicyStatement): void {
    const statements = this.byFunction.get(functionName) ?? new Map<string, PolicyStatement>();
    statements.set(statementId, { ...statement, Resource: statement.Resource ?? "*" });
    this.byFunction.set(functionName, statements);
  }

  remove(functionName: string, statementId: string): void {
    this.byFunction.get(functionName)?.delete(statementId);
  }

  removeAll(functionName: string): void {
    this.byFunction.delete(functionName);
  }

  /** Throws AwsError AccessDeniedException unless a statement lets `service` invoke the function from `sourceArn`. */
  authorize(functionName: string, functionArn: string, service: string, sourceArn: string): void {
    const context = { "aws:SourceArn": sourceArn, "aws:SourceAccount": sourceArn.split(":")[4] ?? "" };
    const policy = { Statement: [...(this.byFunction.get(functionName)?.values() ?? [])] };
    const question = { action: ACTION, resource: functionArn, context };
    if (evaluateFor(service, policy, question) === "allow") return;
    throw new AwsError(
      "AccessDeniedException",
      `User: ${service} is not authorized to perform: ${ACTION} on resource: ${functionArn} because no resource-based policy allows the ${ACTION} action`,
      403,
    );
  }
}
