import { routeKey } from "./route-key";
import type { Settings } from "./settings";

/** As a stage takes them. */
export interface Throttle {
  /** Requests a second. */
  throttlingRateLimit: number;
  /** Requests at the same moment. */
  throttlingBurstLimit: number;
}

/** For every name. Always declared: terraform-provider-aws takes a block that is left out for one that stays as it is. */
export function defaultThrottle({
  throttleRate,
  throttleBurst,
}: Pick<Settings, "throttleRate" | "throttleBurst">): Throttle {
  return { throttlingRateLimit: throttleRate, throttlingBurstLimit: throttleBurst };
}

/** "orders=200/400,invoices=50" → by name. A burst that is not given is as large as the rate. */
export function throttlesByName(text: string | undefined): Map<string, Throttle> {
  const entries = (text ?? "").split(",").filter(Boolean);
  return new Map(
    entries.map((entry) => {
      const [, name, rate, burst] = /^([^=]+)=(\d+)(?:\/(\d+))?$/.exec(entry)!;
      return [
        name!,
        { throttlingRateLimit: Number(rate), throttlingBurstLimit: Number(burst ?? rate) },
      ] as const;
    }),
  );
}

/** For single names, sorted, so that the same throttles are the same stage. */
export function routeThrottles({ throttles }: Pick<Settings, "throttles">) {
  const byName = [...throttlesByName(throttles)].sort(([a], [b]) => (a < b ? -1 : 1));
  return byName.map(([name, throttle]) => ({ routeKey: routeKey(name), ...throttle }));
}
