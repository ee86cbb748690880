export interface MappingSpec {
  uuid: string;
  queueName: string;
  queueArn: string;
  functionName: string;
  enabled: boolean;
  batchSize: number;
  /** Seconds. */
  batchWindow: number;
  maximumConcurrency?: number;
  reportBatchItemFailures: boolean;
}

/** Event source mappings: queue → function, with AWS's rules for partial failures. */
export interface Mappings {
  /**
   * Checks what AWS checks at creation: the role's queue actions, and visibility timeout ≥ function timeout.
   * `check: false` for what was created before and only runs again, after a restart.
   */
  put(spec: MappingSpec, options?: { check?: boolean }): void;
  /** What `put` checks, alone: of a mapping that is as wanted, nothing. */
  check(spec: MappingSpec): void;
  get(uuid: string): MappingSpec | undefined;
  /** Resolves when the batches in flight have ended. */
  remove(uuid: string): Promise<void>;
  lastResult(uuid: string): string;
  close(): Promise<void>;
}
