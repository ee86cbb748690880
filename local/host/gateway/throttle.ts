import type { Clock, StageSpec } from "../services";

/** Requests a second, with a burst on top: the token bucket of API Gateway. */
class TokenBucket {
  private tokens: number;
  private filledAt: number;

  constructor(
    private readonly rate: number,
    private readonly burst: number,
    private readonly clock: Clock,
  ) {
    this.tokens = burst;
    this.filledAt = clock.now();
  }

  take(): boolean {
    const now = this.clock.now();
    this.tokens = Math.min(this.burst, this.tokens + ((now - this.filledAt) / 1000) * this.rate);
    this.filledAt = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}

/** The throttles of one stage. A route with limits of its own is measured by them alone, as on AWS. */
export class Throttle {
  private readonly stage?: TokenBucket;
  private readonly routes = new Map<string, TokenBucket>();

  constructor(spec: StageSpec, clock: Clock) {
    const bucket = (limits: { rateLimit: number; burstLimit: number }) =>
      new TokenBucket(limits.rateLimit, limits.burstLimit, clock);
    if (spec.throttle) this.stage = bucket(spec.throttle);
    for (const [key, limits] of Object.entries(spec.routeThrottles ?? {}))
      this.routes.set(key, bucket(limits));
  }

  allows(routeKey: string): boolean {
    return (this.routes.get(routeKey) ?? this.stage)?.take() ?? true;
  }
}
