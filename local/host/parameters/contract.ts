export interface Parameters {
  put(name: string, value: string, type: "String" | "SecureString"): void;
  remove(name: string): void;
  get(name: string): { name: string; value: string; type: string } | undefined;
}
