import { randomUUID } from "node:crypto";
import type { Inputs } from "../../protocol";
import { AwsError } from "../aws-error";
import { thing } from "../propagation";
import type { PolicyStatement, ResourceKind, Services } from "../services";
import { functionName } from "./arns";

function statement(services: Services, inputs: Inputs, statementId: string): PolicyStatement {
  const principal = String(inputs.principal);
  const condition: PolicyStatement["Condition"] = {
    ...(inputs.sourceArn ? { ArnLike: { "AWS:SourceArn": String(inputs.sourceArn) } } : {}),
    ...(inputs.sourceAccount ? { StringEquals: { "AWS:SourceAccount": String(inputs.sourceAccount) } } : {}),
  };
  return {
    Sid: statementId,
    Effect: "Allow",
    Principal:
      principal === "*"
        ? "*"
        : principal.includes(".amazonaws.com")
          ? { Service: principal }
          : { AWS: principal },
    Action: String(inputs.action),
    Resource: services.functions.get(functionName(String(inputs.function)))?.arn,
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  };
}

/** A statement of a function's resource policy. Its id is `function/statement`, for statements are named per function. */
export const permission: ResourceKind = {
  type: "aws:lambda/permission:Permission",
  async create(services, { inputs }) {
    const name = functionName(String(inputs.function));
    if (!services.functions.get(name)) {
      throw new AwsError("ResourceNotFoundException", `Function not found: ${name}`, 404);
    }
    const unnamed = `${inputs.statementIdPrefix ?? "terraform-"}${randomUUID()}`;
    const statementId = String(inputs.statementId ?? unnamed);
    const id = `${name}/${statementId}`;
    if (services.find(this.type, id)) {
      throw new AwsError(
        "ResourceConflictException",
        `The statement id (${statementId}) provided already exists.`,
        409,
      );
    }
    const made = statement(services, inputs, statementId);
    await services.propagation.begin(thing(this.type, id), "propagating", () =>
      services.functions.putPermission(name, statementId, made),
    );
    return { id, outputs: { statementId } };
  },
  async restore(services, { inputs, outputs }) {
    const statementId = String(outputs.statementId);
    const name = functionName(String(inputs.function));
    services.functions.putPermission(name, statementId, statement(services, inputs, statementId));
  },
  async delete(services, { id, inputs, outputs }) {
    services.propagation.forget(thing(this.type, id));
    services.functions.removePermission(functionName(String(inputs.function)), String(outputs.statementId));
  },
};
