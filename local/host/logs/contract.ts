export interface Logs {
  putGroup(name: string, retentionDays?: number): void;
  removeGroup(name: string): void;
  write(group: string, stream: string, text: string): void;
  /** Newest last. */
  tail(group: string, lines: number): string[];
}
