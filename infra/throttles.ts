import { routeKey } from "./route-key";
import type { Settings } from "./settings";

/** As a stage takes them. */
export interface Throttle {
  /** Requests a second. */
  throttlingRateLimit: number;
  /** Requests at the same moment. */
  throttlingBurstLimit: number;
}

/** In the proportion of the account's own: 10,000 and 5,000. */
export function throttleOf(rate: number, burst = Math.ceil(rate / 2)): Throttle {
  return { throttlingRateLimit: rate, throttlingBurstLimit: burst };
}

/**
 * For every name; undefined: the account's own limit, which is a quarter of the usual in some regions, and which no
 * throttle may exceed.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export function defaultThrottle({
  throttleRate,
  throttleBurst,
}: Pick<Settings, "throttleRate" | "throttleBurst">): Throttle | undefined {
  return throttleRate === undefined ? undefined : throttleOf(throttleRate, throttleBurst);
}

/** "orders=200/400,invoices=50" → by name. */
export function throttlesByName(text: string | undefined): Map<string, Throttle> {
  const entries = (text ?? "").split(",").filter(Boolean);
  return new Map(
    entries.map((entry) => {
      const [, name, rate, burst] = /^([^=]+)=(\d+)(?:\/(\d+))?$/.exec(entry)!;
      return [name!, throttleOf(Number(rate), burst === undefined ? undefined : Number(burst))] as const;
    }),
  );
}

/** For single names, sorted, so that the same throttles are the same stage. */
export function routeThrottles({ throttles }: Pick<Settings, "throttles">) {
  const byName = [...throttlesByName(throttles)].sort(([a], [b]) => (a < b ? -1 : 1));
  return byName.map(([name, throttle]) => ({ routeKey: routeKey(name), ...throttle }));
}
