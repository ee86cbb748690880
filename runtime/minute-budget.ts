const MINUTE_MS = 60_000;

/** What strangers may cause in one sandbox: so many a minute, and no more. */
export class MinuteBudget {
  private since = Number.NEGATIVE_INFINITY;
  private spent = 0;

  constructor(private readonly most: number) {}

  /** @param now milliseconds since the epoch */
  allows(now: number): boolean {
    if (now - this.since >= MINUTE_MS) [this.since, this.spent] = [now, 0];
    return ++this.spent <= this.most;
  }
}

/** Of log, for requests that nobody has verified. More would cost more to log than to refuse. */
export const LINES_A_MINUTE = 60;
