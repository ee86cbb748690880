import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { AwsError } from "../aws-error";
import type { Clock, FunctionSpec } from "../services";
import { isNarrower } from "./narrower";
import { Sandbox, type SandboxHost } from "./sandbox-process";
import type { Reach } from "./sandbox-reach";

export interface PoolLimits {
  /** Sandboxes of one function at the same time. */
  maxSandboxes: number;
  /** Cold starts of one function at the same time; more of them only make each other slower. */
  maxStarting: number;
  /** How long a caller waits for a sandbox before it is refused, ms. */
  waitMs: number;
  /** How long a caller waits for a busy sandbox before another one is started for it, ms. */
  patienceMs: number;
  /** Sandboxes idle for longer are ended, ms. */
  idleMs: number;
}

interface Waiter {
  resolve: (sandbox: Sandbox) => void;
  reject: (error: Error) => void;
  since: number;
}

/** The sandboxes of one function: handed out one caller at a time, started when needed, ended when idle. */
export class Pool {
  private readonly all = new Set<Sandbox>();
  private readonly idle: Sandbox[] = [];
  private readonly waiters: Waiter[] = [];
  private starting = 0;
  private timer?: NodeJS.Timeout;
  private closed = false;

  constructor(
    private spec: FunctionSpec,
    private reach: Reach,
    private readonly host: SandboxHost,
    private readonly limits: PoolLimits,
    private readonly clock: Clock,
  ) {}

  /** Throws AwsError TooManyRequestsException, ServiceException; InitError when the function's code does not load. */
  acquire(): Promise<Sandbox> {
    const sandbox = this.takeIdle();
    if (sandbox) return Promise.resolve(sandbox);
    if (this.closed)
      return Promise.reject(new AwsError("ResourceNotFoundException", "The function is gone.", 404));
    return new Promise((resolve, reject) => {
      this.waiters.push({ resolve, reject, since: performance.now() });
      this.look();
    });
  }

  /** Gives a sandbox back. One of an older configuration is ended instead. */
  release(sandbox: Sandbox): void {
    if (!sandbox.alive) return;
    if (sandbox.spec !== this.spec || this.closed) {
      sandbox.stop();
      return;
    }
    const waiter = this.waiters.shift();
    if (waiter) waiter.resolve(sandbox);
    else {
      sandbox.idleSince = this.clock.now();
      this.idle.push(sandbox);
    }
  }

  /** New code or configuration: idle sandboxes go now, busy ones after their request. */
  replace(spec: FunctionSpec, reach: Reach): void {
    this.spec = spec;
    this.reach = reach;
    for (const sandbox of this.idle.splice(0)) sandbox.stop();
  }

  /**
   * Sandboxes learn of new ways. Where a way is taken, they are replaced: what they have open would outlive it, for AWS
   * too cuts no connection that it tracks, and the next invocation would not show that a rule is missing.
   */
  setReach(reach: Reach): void {
    if (isDeepStrictEqual(this.reach, reach)) return;
    const narrower = isNarrower(this.reach, reach);
    this.reach = reach;
    for (const sandbox of this.all) sandbox.tell(reach);
    if (narrower) this.replace({ ...this.spec }, reach);
  }

  reap(): void {
    const before = this.clock.now() - this.limits.idleMs;
    while (this.idle[0] && this.idle[0].idleSince < before) this.idle.shift()!.stop();
  }

  stats(): { sandboxes: number; busy: number } {
    return { sandboxes: this.all.size, busy: this.all.size - this.idle.length - this.starting };
  }

  /** Waits for the requests under way no longer than a moment; what is left is killed. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    for (const waiter of this.waiters.splice(0)) waiter.reject(tooMany());
    for (const sandbox of this.idle.splice(0)) sandbox.stop();
    const until = performance.now() + 1_000;
    while (this.all.size > 0 && performance.now() < until) await new Promise((next) => setTimeout(next, 10));
    for (const sandbox of this.all) sandbox.kill();
    while (this.all.size > 0) await new Promise((next) => setTimeout(next, 5));
  }

  private takeIdle(): Sandbox | undefined {
    // The one used last: its caches are warm, and the others grow idle enough to be ended.
    for (let sandbox = this.idle.pop(); sandbox; sandbox = this.idle.pop()) if (sandbox.alive) return sandbox;
    return undefined;
  }

  /** Refuses who waited too long, starts what is needed, and looks again while anyone waits. */
  private look(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const now = performance.now();
    // Those a starting sandbox is meant for may wait out its start, however long the code takes to load.
    while (
      this.waiters.length > this.starting &&
      now - this.waiters[this.starting]!.since >= this.limits.waitMs
    ) {
      this.waiters.splice(this.starting, 1)[0]!.reject(tooMany());
    }
    while (this.wantsAnother(now)) this.start();
    if (this.waiters.length > 0) this.timer = setTimeout(() => this.look(), this.limits.patienceMs);
  }

  private wantsAnother(now: number): boolean {
    const { maxSandboxes, maxStarting, patienceMs } = this.limits;
    if (this.starting >= this.waiters.length || this.starting >= maxStarting) return false;
    if (this.all.size >= maxSandboxes) return false;
    return this.all.size === this.starting || now - this.waiters[this.starting]!.since >= patienceMs;
  }

  private start(): void {
    let sandbox: Sandbox;
    try {
      if (!existsSync(this.spec.codeDir)) throw withoutCode();
      sandbox = new Sandbox(this.spec, this.reach, this.host, (gone) => this.forget(gone));
    } catch (error) {
      this.waiters.shift()?.reject(error as Error);
      return;
    }
    this.all.add(sandbox);
    this.starting += 1;
    const started = () => {
      this.starting -= 1;
    };
    sandbox.ready.then(
      () => {
        started();
        this.release(sandbox);
      },
      (error) => {
        started();
        this.waiters.shift()?.reject(error);
      },
    );
  }

  private forget(sandbox: Sandbox): void {
    this.all.delete(sandbox);
    const at = this.idle.indexOf(sandbox);
    if (at >= 0) this.idle.splice(at, 1);
    if (this.waiters.length > 0) this.look();
  }
}

/** The disk's fault, not the function's: who calls is to try again. */
function withoutCode(): AwsError {
  return new AwsError("ServiceException", "The function's code is not on the disk of this machine.", 500);
}

function tooMany(): AwsError {
  return new AwsError("TooManyRequestsException", "Rate Exceeded.", 429);
}
