import { createHash } from "node:crypto";
import { isRecord, type Values } from "../values";

function list(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** AWS writes one as text, several as a list. */
function oneOrMany(values: string[]): string | string[] {
  return values.length === 1 ? values[0]! : values;
}

function principals(value: unknown): unknown {
  const groups = Array.isArray(value) ? value.filter(isRecord) : [];
  if (groups.length === 1 && groups[0]!.type === "*") return "*";
  return Object.fromEntries(
    groups.map((group) => [String(group.type), oneOrMany(list(group.identifiers).sort())]),
  );
}

function conditions(value: unknown): unknown {
  const result: Record<string, Record<string, string | string[]>> = {};
  for (const { test, variable, values } of (Array.isArray(value) ? value : []) as Values[]) {
    const operator = String(test);
    result[operator] = { ...result[operator], [String(variable)]: oneOrMany(list(values)) };
  }
  return result;
}

function given(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function statement(source: Values): Values {
  return {
    ...(source.sid ? { Sid: source.sid } : {}),
    Effect: source.effect ?? "Allow",
    ...(given(source.actions) ? { Action: oneOrMany(list(source.actions).sort()) } : {}),
    ...(given(source.notActions) ? { NotAction: oneOrMany(list(source.notActions).sort()) } : {}),
    ...(given(source.resources) ? { Resource: oneOrMany(list(source.resources).sort()) } : {}),
    ...(given(source.notResources) ? { NotResource: oneOrMany(list(source.notResources).sort()) } : {}),
    ...(given(source.principals) ? { Principal: principals(source.principals) } : {}),
    ...(given(source.notPrincipals) ? { NotPrincipal: principals(source.notPrincipals) } : {}),
    ...(given(source.conditions) ? { Condition: conditions(source.conditions) } : {}),
  };
}

function statementsOf(document: unknown): Values[] {
  const parsed = JSON.parse(String(document)) as { Statement?: Values | Values[] };
  return [parsed.Statement ?? []].flat();
}

/** Statements with a Sid take the place of earlier ones with the same. */
function override(base: Values[], over: Values[]): Values[] {
  const replaced = new Set(over.map((one) => one.Sid).filter(Boolean));
  return [...base.filter((one) => !replaced.has(one.Sid)), ...over];
}

/** aws.iam.getPolicyDocument: pure computation, as the Terraform data source of that name. */
export function getPolicyDocument(args: Values): Values {
  const own = (Array.isArray(args.statements) ? args.statements.filter(isRecord) : []).map(statement);
  const sources = [...(args.sourceJson ? [args.sourceJson] : []), ...list(args.sourcePolicyDocuments)];
  const overrides = [
    ...(args.overrideJson ? [args.overrideJson] : []),
    ...list(args.overridePolicyDocuments),
  ];
  const merged = overrides.reduce<Values[]>(
    (sum, document) => override(sum, statementsOf(document)),
    override(sources.flatMap(statementsOf), own),
  );
  const document = {
    Version: args.version ?? "2012-10-17",
    ...(args.policyId ? { Id: args.policyId } : {}),
    Statement: merged,
  };
  const json = JSON.stringify(document, null, 2);
  const id = String(Number.parseInt(createHash("sha256").update(json).digest("hex").slice(0, 8), 16));
  return { ...args, id, json, minifiedJson: JSON.stringify(document) };
}
