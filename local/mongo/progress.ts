/** Told about long steps. */
export interface Progress {
  step(text: string): void;
}
