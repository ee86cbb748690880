import { rmSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { LOCAL_ACCOUNT } from "../../protocol";
import { AwsError } from "../aws-error";
import type { Clock, FunctionSpec, Functions, Iam, InvokeResult, Logs, Metrics } from "../services";
import { FunctionMetrics } from "./function-metrics";
import { MAX_PAYLOAD, runInvocation, unhandled } from "./invocation";
import { Permissions } from "./permissions";
import { Pool, type PoolLimits } from "./pool";
import { RunningSandboxes } from "./running";
import { sandboxFile } from "./sandbox-file";
import { InitError, Sandbox, type SandboxHost } from "./sandbox-process";
import type { Reach } from "./sandbox-reach";
import type { Wall } from "./wall";

export interface FunctionsOptions extends Partial<PoolLimits> {
  /** NAMI_HOME/host: compiled code and the sandbox's own file are kept below it. */
  dir: string;
  clock: Clock;
  iam: Iam;
  logs: Logs;
  metrics: Metrics;
  /** http://127.0.0.1:PORT of the AWS-compatible endpoints. */
  awsUrl: string;
  /** "Pending" of a function that was just made and cannot be invoked yet. */
  stateOf?(name: string): string | undefined;
  /** Where a function may open connections. */
  reachOf(spec: FunctionSpec): Reach;
  /** The host's own log. */
  log(text: string): void;
  /** Hides NAMI_HOME from user code; absent on a machine without one. */
  wall?: Wall;
}

/**
 * Sixteen sandboxes keep two cores busy without starving (2 gave 570 requests a second, 16 1,600). Fifty
 * milliseconds of patience: with ten, a burst of 32 callers started all sixteen at once and got half as much done.
 */
const LIMITS: PoolLimits = {
  maxSandboxes: 16,
  maxStarting: 2,
  waitMs: 3_000,
  patienceMs: 50,
  idleMs: 60_000,
};

/** Runs Lambda functions as Node processes on this machine. */
export function createFunctions(options: FunctionsOptions): Functions {
  return new LocalFunctions(options);
}

class LocalFunctions implements Functions {
  private readonly specs = new Map<string, FunctionSpec>();
  private readonly pools = new Map<string, Pool>();
  private readonly metrics = new Map<string, FunctionMetrics>();
  private readonly permissions = new Permissions();
  private readonly host: SandboxHost;
  private readonly limits: PoolLimits;
  private readonly reaper: NodeJS.Timeout;

  constructor(private readonly options: FunctionsOptions) {
    const dir = join(options.dir, "sandboxes");
    const { iam, logs, awsUrl, log, wall } = options;
    const cacheDir = join(dir, "compiled");
    const files = {
      sandboxFile: sandboxFile(dir),
      cacheDir,
      running: new RunningSandboxes(dir, options.dir),
    };
    this.host = { iam, logs, awsUrl, log, wall, silenced: new Set(), ...files };
    this.limits = Object.fromEntries(
      Object.entries(LIMITS).map(([key, value]) => [key, options[key as keyof PoolLimits] ?? value]),
    ) as unknown as PoolLimits;
    this.reaper = setInterval(() => this.reap(), Math.min(10_000, this.limits.idleMs));
    this.reaper.unref();
  }

  endLeft(): Promise<void> {
    return this.host.running.endLeft();
  }

  put(spec: FunctionSpec): void {
    const before = this.specs.get(spec.name);
    if (before && isDeepStrictEqual(before, spec)) return;
    const own = structuredClone(spec);
    this.specs.set(spec.name, own);
    this.pools.get(spec.name)?.replace(own, this.options.reachOf(own));
  }

  async remove(name: string): Promise<void> {
    const pool = this.pools.get(name);
    this.specs.delete(name);
    this.pools.delete(name);
    this.metrics.delete(name);
    this.permissions.removeAll(name);
    this.host.silenced.delete(name);
    await pool?.close();
    rmSync(join(this.host.cacheDir, name), { recursive: true, force: true });
  }

  get(name: string): FunctionSpec | undefined {
    return this.specs.get(name);
  }

  async invoke(name: string, payload: string): Promise<InvokeResult> {
    const spec = this.known(name);
    if (this.options.stateOf?.(name) === "Pending") throw pending();
    if (payload.length > MAX_PAYLOAD / 3 && Buffer.byteLength(payload) > MAX_PAYLOAD) {
      const message = `Request must be smaller than ${MAX_PAYLOAD} bytes for the InvokeFunction operation`;
      throw new AwsError("RequestTooLargeException", message, 413);
    }
    const pool = this.poolOf(spec);
    const sandbox = await this.acquire(pool, name);
    if (!(sandbox instanceof Sandbox)) return sandbox;
    const started = performance.now();
    try {
      const result = await runInvocation(sandbox, payload);
      this.metricsOf(name).invoked(result, performance.now() - started);
      return result;
    } finally {
      pool.release(sandbox);
    }
  }

  putPermission(
    functionName: string,
    statementId: string,
    statement: Parameters<Permissions["put"]>[2],
  ): void {
    this.permissions.put(functionName, statementId, statement);
  }

  removePermission(functionName: string, statementId: string): void {
    this.permissions.remove(functionName, statementId);
  }

  authorizeInvoke(functionName: string, service: string, sourceArn: string): void {
    this.permissions.authorize(functionName, this.known(functionName).arn, service, sourceArn);
  }

  reachChanged(): void {
    for (const [name, pool] of this.pools) {
      const spec = this.specs.get(name);
      if (spec) pool.setReach(this.options.reachOf(spec));
    }
  }

  stats(): Record<string, { sandboxes: number; busy: number }> {
    return Object.fromEntries([...this.specs.keys()].map((name) => [name, this.statsOf(name)]));
  }

  async close(): Promise<void> {
    clearInterval(this.reaper);
    await Promise.all([...this.pools.values()].map((pool) => pool.close()));
    this.pools.clear();
  }

  /** A sandbox, or the result of a function whose code does not load. Throws TooManyRequestsException. */
  private async acquire(pool: Pool, name: string): Promise<Sandbox | InvokeResult> {
    try {
      return await pool.acquire();
    } catch (error) {
      if (error instanceof AwsError && error.code === "TooManyRequestsException") {
        this.metricsOf(name).throttled();
      }
      if (!(error instanceof InitError)) throw error;
      const result = unhandled(error.payload);
      this.metricsOf(name).invoked(result);
      return result;
    }
  }

  private metricsOf(name: string): FunctionMetrics {
    let metrics = this.metrics.get(name);
    if (!metrics) {
      metrics = new FunctionMetrics(this.options.metrics, name);
      this.metrics.set(name, metrics);
    }
    return metrics;
  }

  private statsOf(name: string): { sandboxes: number; busy: number } {
    return this.pools.get(name)?.stats() ?? { sandboxes: 0, busy: 0 };
  }

  private known(name: string): FunctionSpec {
    const spec = this.specs.get(name);
    if (spec) return spec;
    const arn = `arn:aws:lambda:us-east-1:${LOCAL_ACCOUNT}:function:${name}`;
    throw new AwsError("ResourceNotFoundException", `Function not found: ${arn}`, 404);
  }

  private poolOf(spec: FunctionSpec): Pool {
    let pool = this.pools.get(spec.name);
    if (!pool) {
      pool = new Pool(spec, this.options.reachOf(spec), this.host, this.limits, this.options.clock);
      this.pools.set(spec.name, pool);
    }
    return pool;
  }

  private reap(): void {
    for (const pool of this.pools.values()) pool.reap();
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
function pending(): AwsError {
  const message =
    "The operation cannot be performed at this time. The function is currently in the following state: Pending";
  return new AwsError("ResourceConflictException", message, 409);
}
