import { createFunctions, type FunctionsOptions } from "../../local/host/functions";
import { createMetrics } from "../../local/host/metrics";
import type { Functions } from "../../local/host/services";
import { anyRole, MemoryLogs, realClock } from "./functions";

/** Functions without the rest of a host: no instances, no VPCs, no AWS behind them. `dir` is NAMI_HOME/host. */
export function functionsIn(dir: string, options: Partial<FunctionsOptions> = {}): Functions {
  return createFunctions({
    ...{ dir, clock: realClock, iam: anyRole(), logs: new MemoryLogs(), metrics: createMetrics(realClock) },
    ...{ awsUrl: "http://127.0.0.1:1", reachOf: () => ({ instances: [] }), log: () => {} },
    ...options,
  });
}
