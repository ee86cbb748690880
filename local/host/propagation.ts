/** A thing of the host as this file names it: type and id, e.g. "aws:iam/role:Role/orders-1f". */
export function thing(type: string, id: string): string {
  return `${type}/${id}`;
}

/** Does the work so many milliseconds later; the answer calls it off. */
export type Later = (ms: number, work: () => Promise<void>) => () => void;

const inRealTime: Later = (ms, work) => {
  const timer = setTimeout(() => void work(), ms);
  return () => clearTimeout(timer);
};

interface Passing {
  state: string;
  callOff: () => void;
}

/**
 * AWS answers when it has taken a request down, and what was asked for works seconds later. Here both come at once,
 * unless a rehearsal asks for AWS's way. What had not come through when the host ended has come through when it is
 * back: everything is put back whole.
 */
export class Propagation {
  private readonly passing = new Map<string, Passing>();

  constructor(
    /** 0: no delay at all. */
    private readonly seconds: number,
    /** Told of work that failed after its request was answered. */
    private readonly log: (text: string) => void,
    private readonly later: Later = inRealTime,
  ) {}

  /**
   * Does `work` once the thing has come through; until then it is in `state`, in AWS's word for it. A later call for the
   * same thing takes the place of an earlier one. What `work` throws is the caller's when there is no delay.
   */
  async begin(what: string, state: string, work: () => unknown = () => {}): Promise<void> {
    if (this.seconds === 0) {
      await work();
      return;
    }
    this.forget(what);
    const callOff = this.later(this.seconds * 1000, () => this.end(what, work));
    this.passing.set(what, { state, callOff });
  }

  /** The state a thing passes through; undefined once it has come through, and of what is not known. */
  state(what: string): string | undefined {
    return this.passing.get(what)?.state;
  }

  /** The thing is gone, and what was to be done with it. */
  forget(what: string): void {
    this.passing.get(what)?.callOff();
    this.passing.delete(what);
  }

  close(): void {
    for (const what of [...this.passing.keys()]) this.forget(what);
  }

  private async end(what: string, work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.log(`${what} did not come through: ${error instanceof Error ? error.stack : error}`);
    } finally {
      this.passing.delete(what);
    }
  }
}
