import { isUtf8 } from "node:buffer";
import { LOCAL_ACCOUNT } from "../../protocol";
import { AwsError } from "../aws-error";
import { noSuchQueue } from "./rules";

export type Input = Record<string, unknown>;

/** The JSON of a request. Throws SerializationException. */
export function parseInput(body: Buffer): Input {
  try {
    if (!isUtf8(body)) throw new Error("not UTF-8");
    const input: unknown = body.length === 0 ? {} : JSON.parse(body.toString());
    if (typeof input !== "object" || input === null || Array.isArray(input)) throw new Error("not an object");
    return input as Input;
  } catch (error) {
    throw new AwsError(
      "SerializationException",
      `The request is no JSON object: ${(error as Error).message}`,
    );
  }
}

/** A text that must be there. Throws MissingParameter. */
export function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === "string" && value !== "") return value;
  throw new AwsError("MissingParameter", `The request must contain the parameter ${name}.`);
}

export function optionalText(input: Input, name: string): string | undefined {
  return input[name] === undefined || input[name] === null ? undefined : text(input, name);
}

/** A number that may be left out; its range is checked by whoever uses it. */
export function optionalNumber(input: Input, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number") return value;
  throw new AwsError(
    "InvalidParameterValue",
    `Value ${String(value)} for parameter ${name} is invalid. Reason: Not a number.`,
  );
}

export function texts(input: Input, name: string): string[] {
  const value = input[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** The name in …/<account>/<name>. Throws QueueDoesNotExist for an address that is no queue's of this account. */
export function queueNameOfUrl(url: string): string {
  const [name, account] = url.split("/").reverse();
  if (!name || account !== LOCAL_ACCOUNT) throw noSuchQueue();
  return name;
}

/** 1..10 entries with distinct ids. Throws as SQS does. */
export function entries(input: Input): (Input & { Id: string })[] {
  const list = (Array.isArray(input.Entries) ? input.Entries : []) as (Input & { Id: string })[];
  if (list.length === 0) {
    throw new AwsError("EmptyBatchRequest", "There should be at least one entry in the request.");
  }
  if (list.length > 10) {
    const text = `Maximum number of entries per request are 10. You have sent ${list.length}.`;
    throw new AwsError("TooManyEntriesInBatchRequest", text);
  }
  for (const { Id } of list) {
    if (typeof Id === "string" && /^[A-Za-z0-9_-]{1,80}$/.test(Id)) continue;
    const rule =
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.";
    throw new AwsError("InvalidBatchEntryId", rule);
  }
  const repeated = list.find(({ Id }, i) => list.findIndex((other) => other.Id === Id) < i);
  if (repeated) throw new AwsError("BatchEntryIdsNotDistinct", `Id ${repeated.Id} repeated.`);
  return list;
}
