/** Name of a queue or a log group from its ARN (`arn:aws:sqs:region:account:name`); a name stays as it is. */
export function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf(":") + 1);
}

/** Name of a function from its name, its ARN (qualified or not) or its invoke ARN. */
export function functionName(reference: string): string {
  return /:function:([^:/]+)/.exec(reference)?.[1] ?? reference;
}

/** Name of a role or an instance profile from its name or its ARN. */
export function iamName(reference: string): string {
  return reference.slice(reference.lastIndexOf("/") + 1);
}
