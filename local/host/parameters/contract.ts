export type ParameterType = "String" | "SecureString";

export interface Parameters {
  /** The program's own value; one that an API call has put over the same value stands, as with pulumi-aws. */
  put(name: string, value: string, type: ParameterType): void;
  /** The value of an API call: stands, also over a restart of the host, until the program's own changes. */
  overwrite(name: string, value: string): void;
  remove(name: string): void;
  get(name: string): { name: string; value: string; type: ParameterType } | undefined;
}
