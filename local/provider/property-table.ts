/**
 * The vocabulary of `types/`: what a resource type takes, gives and cannot change in place.
 * Replacement rules are those of pulumi-aws 7.48 (ForceNew in terraform-provider-aws 6); the texts shipped with
 * `@pulumi/aws` repeat only some of them, and a test holds the tables to those.
 */
export type Shape =
  | "string"
  | "number"
  | "boolean"
  /** A JSON document as text, or as an object that is turned into text; compared by meaning. */
  | "json"
  | "archive"
  | "strings"
  /** Strings whose order means nothing. */
  | "set"
  /** Names to strings. */
  | "map"
  | { object: Properties }
  | { list: Properties };

export interface Property {
  type: Shape;
  required?: true;
  /** A change makes a new resource. */
  replaces?: true;
  /** A change makes a new resource when this boolean input of the new inputs is true. */
  replacesWith?: string;
  /** A change to another value makes a new resource when this boolean input of the old inputs was true. */
  replacesAfter?: string;
  /** A change between two such values makes a new resource. */
  replacesWhen?(older: unknown, newer: unknown): boolean;
  default?: string | number | boolean | readonly string[];
  /** The values the local target can honour, where AWS knows more. */
  only?: readonly (string | number | boolean)[];
  min?: number;
  max?: number;
}

export type Properties = Record<string, Property>;

/** An output AWS computes. */
export interface Computed {
  /** Inputs whose change changes it too: unknown in the preview of such an update. "*": any. */
  changesWith?: readonly string[] | "*";
}

export interface AutoName {
  property: string;
  maxLength: number;
}

export interface TypeTable {
  /** e.g. "aws:sqs/queue:Queue" */
  type: string;
  inputs: Properties;
  outputs: Record<string, Computed>;
  /** Has a name made up from the logical name when none is given. */
  autoName?: AutoName;
  /** AWS refuses a second one beside the first, whatever its name. */
  deleteBeforeReplace?: true;
  /** Rules over several inputs; answers texts, each beginning with a property's name and a space. Unknown inputs are absent. */
  rules?(inputs: Record<string, unknown>): string[];
}

/** Every type but IAM's has it since pulumi-aws 7. */
export const region: Properties = { region: { type: "string", replaces: true } };

export const tags: Properties = { tags: { type: "map" } };
