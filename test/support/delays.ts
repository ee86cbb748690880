import type { Later } from "../../local/host/propagation";

interface Delayed {
  at: number;
  work: () => Promise<void>;
}

/** Delays that pass when a test says so, and whose work is done when `pass` resolves. */
export class MovableDelays {
  private now = 0;
  private readonly delayed = new Set<Delayed>();

  readonly later: Later = (ms, work) => {
    const one = { at: this.now + ms, work };
    this.delayed.add(one);
    return () => this.delayed.delete(one);
  };

  /** Does what is due within so many milliseconds, the earliest first. */
  async pass(ms: number): Promise<void> {
    this.now += ms;
    const due = [...this.delayed].filter(({ at }) => at <= this.now).sort((a, b) => a.at - b.at);
    for (const one of due) if (this.delayed.delete(one)) await one.work();
  }
}
