/** Of one sandbox, for what a request causes that nobody has verified. More would cost more to log than to refuse. */
const A_MINUTE = 60;
const MINUTE_MS = 60_000;

/** So many lines a minute, and no more. */
export class LineBudget {
  private since = Number.NEGATIVE_INFINITY;
  private spent = 0;

  /** @param now milliseconds since the epoch */
  allows(now: number): boolean {
    if (now - this.since >= MINUTE_MS) [this.since, this.spent] = [now, 0];
    return ++this.spent <= A_MINUTE;
  }
}
