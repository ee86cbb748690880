import { AwsError } from "../aws-error";
import type { PolicyDocument, PolicyStatement } from "../services";

type Operator = (value: string, patterns: string[]) => boolean;

const equals: Operator = (value, patterns) => patterns.includes(value);
const like: Operator = (value, patterns) => patterns.some((pattern) => matches(pattern, value));
const arnLike: Operator = (value, patterns) => patterns.some((pattern) => arnMatches(pattern, value));

/** The condition operators this host knows. A key that the request has not is never a match. */
const OPERATORS: Record<string, Operator> = {
  StringEquals: equals,
  StringLike: like,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: (value, patterns) => patterns.map((pattern) => pattern.toLowerCase()).includes(value.toLowerCase()),
};

/** What a request asks for. `context` has condition keys, e.g. "aws:SourceArn". */
export interface Question {
  action: string;
  resource: string;
  context: Record<string, string>;
}

/** Of a role, of who may take it on, or of a resource such as a topic. */
export type PolicyKind = "identity" | "trust" | "resource";

export type Decision = "allow" | "explicit deny" | "implicit deny";

/** A Deny anywhere wins; else one Allow is needed. */
export function evaluate(documents: Iterable<PolicyDocument>, question: Question): Decision {
  let decision: Decision = "implicit deny";
  for (const { Statement } of documents) {
    for (const statement of list(Statement)) {
      if (!applies(statement, question)) continue;
      if (statement.Effect === "Deny") return "explicit deny";
      decision = "allow";
    }
  }
  return decision;
}

/** What a resource's own policy says of a service that asks: only the statements that name it count. */
export function evaluateFor(service: string, policy: PolicyDocument, question: Question): Decision {
  const named = list(policy.Statement).filter(({ Principal }) => namesService(Principal, service));
  return evaluate([{ Statement: named }], question);
}

/** Whether a trust policy lets the service assume the role. */
export function trusts(trustPolicy: PolicyDocument, service: string): boolean {
  const verdicts = list(trustPolicy.Statement)
    .filter((statement) => namesService(statement.Principal, service))
    .filter((statement) =>
      applies({ ...statement, Resource: "*" }, { action: "sts:AssumeRole", resource: "*", context: {} }),
    )
    .map((statement) => statement.Effect);
  return verdicts.includes("Allow") && !verdicts.includes("Deny");
}

/**
 * Refuses what this host would not evaluate as AWS does, so that a policy never means less, or more, here.
 * Throws AwsError MalformedPolicyDocument, naming `where`.
 */
export function checkPolicy(document: PolicyDocument, where: string, kind: PolicyKind): void {
  const fail = (what: string) => {
    throw new AwsError("MalformedPolicyDocument", `${where}: ${what}`);
  };
  if (typeof document !== "object" || !document?.Statement) fail("it has no Statement.");
  for (const statement of list(document.Statement)) checkStatement(statement, kind, fail);
}

function checkStatement(statement: PolicyStatement, kind: PolicyKind, fail: (what: string) => void): void {
  for (const key of ["NotAction", "NotResource", "NotPrincipal"]) {
    if (key in statement)
      fail(`${key} is not supported on the local target; write Action, Resource, Principal.`);
  }
  if (statement.Effect !== "Allow" && statement.Effect !== "Deny") fail("Effect must be Allow or Deny.");
  if (!statement.Action) fail("a statement has no Action.");
  if (kind !== "trust" && !statement.Resource) fail("a statement has no Resource.");
  if (kind === "identity" && statement.Principal) fail("a policy of a role must not have a Principal.");
  if (kind !== "identity" && !statement.Principal) fail(`a statement of a ${kind} policy has no Principal.`);
  for (const operator of Object.keys(statement.Condition ?? {})) {
    if (!Object.hasOwn(OPERATORS, operator))
      fail(`the condition operator ${operator} is not supported on the local target.`);
  }
  if (JSON.stringify(statement).includes("${"))
    fail("policy variables are not supported on the local target.");
}

function applies(statement: PolicyStatement, { action, resource, context }: Question): boolean {
  const asked = action.toLowerCase();
  if (!list(statement.Action).some((pattern) => matches(pattern.toLowerCase(), asked))) return false;
  if (!list(statement.Resource ?? []).some((pattern) => matches(pattern, resource))) return false;
  return conditionsHold(statement.Condition ?? {}, context);
}

function conditionsHold(
  condition: NonNullable<PolicyStatement["Condition"]>,
  context: Record<string, string>,
): boolean {
  const byKey = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  return Object.entries(condition).every(([operator, tests]) =>
    Object.entries(tests).every(([key, wanted]) => {
      const value = byKey.get(key.toLowerCase());
      return value !== undefined && OPERATORS[operator]!(value, list(wanted).map(String));
    }),
  );
}

/** `"*"` and `{ "AWS": "*" }` are everyone; a condition then says who. */
function namesService(principal: unknown, service: string): boolean {
  if (principal === "*") return true;
  const { Service, AWS } = (principal ?? {}) as { Service?: string | string[]; AWS?: string | string[] };
  return list(Service ?? []).includes(service) || list(AWS ?? []).includes("*");
}

/** Each of an ARN's six parts is matched by itself: a * does not reach over a colon. */
function arnMatches(pattern: string, arn: string): boolean {
  const patterns = split(pattern);
  const parts = split(arn);
  return patterns.length === parts.length && patterns.every((each, i) => matches(each, parts[i]!));
}

function split(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

const expressions = new Map<string, RegExp>();

/** IAM's wildcards: * is any text, ? any one character. */
export function matches(pattern: string, value: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === value;
  const known = expressions.get(pattern);
  if (known) return known.test(value);
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "[^]*")
    .replaceAll("?", "[^]");
  const expression = new RegExp(`^${source}$`);
  expressions.set(pattern, expression);
  return expression.test(value);
}

function list<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}
