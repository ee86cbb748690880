import { AwsError } from "../aws-error";
import type { Database } from "../database";

interface Write {
  apply(): unknown;
  done(value: unknown): void;
  fail(error: unknown): void;
}

type Outcome = { write: Write; value?: unknown; error?: unknown };

/**
 * Commits the writes of one event-loop turn together: one flush of the disk acknowledges all of them, and while
 * it lasts the next ones gather. A promise resolves only after its commit.
 */
export class GroupCommit {
  private writes: Write[] = [];

  constructor(
    private readonly database: Database,
    /** Called after a commit, before the promises' callbacks run. */
    private readonly committed: () => void,
  ) {}

  /**
   * `apply` runs inside the transaction; an AwsError it throws (before it wrote anything) refuses this write alone.
   * `after` runs when the commit is on disk.
   */
  run<T>(apply: () => T, after: (value: T) => void = () => {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.writes.length === 0) setImmediate(() => this.flush());
      const done = (value: unknown) => {
        after(value as T);
        resolve(value as T);
      };
      this.writes.push({ apply, done, fail: reject });
    });
  }

  /** Commits what is waiting, now. */
  flush(): void {
    const writes = this.writes;
    if (writes.length === 0) return;
    this.writes = [];
    for (const { write, value, error } of this.commit(writes)) {
      if (error === undefined) write.done(value);
      else write.fail(error);
    }
    this.committed();
  }

  /** When a commit fails, each write is tried by itself, so that one bad write does not refuse the others. */
  private commit(writes: Write[]): Outcome[] {
    try {
      return this.database.transaction(() => writes.map(applyOne));
    } catch (error) {
      if (writes.length === 1) return [{ write: writes[0]!, error }];
      return writes.flatMap((write) => this.commit([write]));
    }
  }
}

function applyOne(write: Write): Outcome {
  try {
    return { write, value: write.apply() };
  } catch (error) {
    if (error instanceof AwsError) return { write, error };
    throw error;
  }
}
