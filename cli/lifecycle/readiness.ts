import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { hostStatus } from "../../local/host/client";
import type { MongoStatus } from "../../local/protocol";
import type { CodedError } from "../../runtime/coded-error";
import type { Health } from "../../runtime/operator-actions";
import { signProbe } from "../../runtime/probe";
import { isPaused } from "../../runtime/watchdog-round";
import type { Progress } from "../display/progress";
import { cliError } from "../errors";
import type { Io } from "../io";
import { type Operated, Operator } from "../operate/operator";
import { addressOf, postProbe } from "./post-probe";

/** How a probe ended well. `delayed` says why the event itself was not waited for. */
export interface Ready {
  ms: number;
  delayed?: string;
}

export interface ReadinessRequest {
  io: Io;
  deployment: Operated;
  /** Outputs of the stack, secrets in plain text. */
  outputs: Record<string, unknown>;
  progress: Progress;
  /** How long in all; AWS needs longer until what it created works. */
  seconds: number;
}

/** So many messages before ours mean that the way is long, not broken. */
const BACKLOG = 50;
/** Before that, nobody asks why it takes so long. Milliseconds. */
const PATIENCE = 5_000;
const POLL = 100;

class Probe {
  private readonly started: number;
  private readonly deadline: number;
  private readonly operator: Operator;
  /** Of every probe sent: a message whose batch failed comes again only after the visibility timeout. */
  private readonly nonces: string[] = [];
  private operatorFault?: string;
  private watchdogFault?: string;

  constructor(private readonly request: ReadinessRequest) {
    this.started = request.io.now();
    this.deadline = this.started + request.seconds * 1000;
    this.operator = new Operator(request.deployment);
  }

  async run(): Promise<Ready> {
    try {
      await this.storeAnswers();
      await this.workerWorks();
      await this.send();
      return (await this.arrival()) ?? (await this.diagnose());
    } finally {
      this.operator.close();
    }
  }

  private get elapsed(): number {
    return this.request.io.now() - this.started;
  }

  private get isOver(): boolean {
    return this.request.io.now() >= this.deadline;
  }

  /**
   * A probe that comes before MongoDB is up would fail, and be tried again only minutes later. The operator is asked so
   * that it does not fail meanwhile: errors of a function are alarming.
   */
  private async storeAnswers(): Promise<void> {
    this.request.progress.step("waiting for MongoDB to answer");
    let failedAt: number | undefined;
    for (;;) {
      const health = await this.ask<Health>({ action: "health" });
      if (health?.answers) return;
      this.operatorFault ??= health?.reason;
      const server = await this.server();
      // A server that could not start is started again: one failure of several is no reason to give up.
      failedAt = server?.state === "failed" ? (failedAt ?? this.elapsed) : undefined;
      if (this.isOver || (failedAt !== undefined && this.elapsed - failedAt > PATIENCE)) {
        const fault = server ? `the server is ${server.state}${server.error ? `: ${server.error}` : ""}` : "";
        throw this.failure("MongoDB", [this.operatorFault, fault].filter(Boolean).join("; "));
      }
      await this.pause(POLL * 3);
    }
  }

  /** The watchdog lets the worker work once MongoDB answers: now, rather than at its next minute. */
  private async workerWorks(): Promise<void> {
    for (;;) {
      const { state } = await this.operator.mapping();
      if (state === "Enabled" || (await this.isPausedByHand())) return;
      if (this.isOver) throw this.failure("the watchdog", this.watchdogFault ?? `The worker is ${state}.`);
      await this.pause(POLL * 3);
    }
  }

  /** What a person has turned off, the watchdog leaves so. */
  private async isPausedByHand(): Promise<boolean> {
    try {
      const { did, pause, state } = await this.operator.watch("round");
      this.watchdogFault = undefined;
      return did === "nothing" && pause.by === null && isPaused(state);
    } catch (error) {
      this.request.io.signal.throwIfAborted();
      this.watchdogFault = (error as Error).message;
      return false;
    }
  }

  /** On this machine the host knows why its Mongo server does not run. */
  private async server(): Promise<MongoStatus | undefined> {
    const { deployment, outputs } = this.request;
    if (deployment.target !== "local") return undefined;
    return (await hostStatus(deployment.home)).mongo[String(outputs.instanceId)];
  }

  private async send(): Promise<void> {
    const { outputs, deployment, io, progress } = this.request;
    progress.step("sending a test event in at the URL");
    const nonce = randomBytes(12).toString("base64url");
    const url = await addressOf(deployment, outputs.invokeUrl);
    const probe = { name: deployment.name, nonce, deadline: this.deadline };
    const header = signProbe(String(outputs.probeKey), probe);
    this.nonces.push(nonce);
    for (;;) {
      const { ok, text } = await postProbe(url, header, io.signal);
      if (ok) return;
      if (this.isOver) throw this.failure("the gateway or the pre-queue function", text);
      await this.pause(POLL * 3);
    }
  }

  /** Undefined when the time is over. */
  private async arrival(): Promise<Ready | undefined> {
    const sent = this.elapsed;
    for (let asked = sent; !this.isOver; ) {
      for (const nonce of this.nonces) {
        const answer = await this.ask<{ found: boolean }>({ action: "takeProbe", nonce });
        if (answer?.found) return { ms: this.elapsed - sent };
      }
      if (this.elapsed - asked > PATIENCE) {
        asked = this.elapsed;
        const delayed = await this.delay();
        if (delayed) return { ms: this.elapsed, delayed };
        await this.send();
      }
      await this.pause(POLL);
    }
    return undefined;
  }

  /** The operator's answer; undefined, and the reason kept, when it has none. */
  private async ask<T = object>(payload: Record<string, unknown>): Promise<T | undefined> {
    try {
      const answer = await this.operator.invoke<T>(payload);
      this.operatorFault = undefined;
      return answer;
    } catch (error) {
      this.request.io.signal.throwIfAborted();
      this.operatorFault = (error as Error).message;
      return undefined;
    }
  }

  private pause(milliseconds: number): Promise<void> {
    return sleep(milliseconds, undefined, { signal: this.request.io.signal });
  }

  /** Why it takes long although nothing is wrong; undefined when something may be. */
  private async delay(): Promise<string | undefined> {
    const [{ queue }, { state }] = await Promise.all([this.operator.queues(), this.operator.mapping()]);
    if (/disabl/i.test(state)) return "delivery to the worker is paused: the test event waits in the queue";
    if (queue.visible > BACKLOG) return `${queue.visible} events wait in the queue before the test event`;
    return undefined;
  }

  private async diagnose(): Promise<never> {
    if (this.operatorFault) throw this.failure("MongoDB", this.operatorFault);
    const { queue } = await this.operator.queues();
    const waiting = queue.visible + queue.inFlight + queue.delayed;
    if (waiting > 0) {
      const reason = `${waiting} messages are in the queue: the worker takes them and fails, or does not take them.`;
      throw this.failure("the worker", reason);
    }
    throw this.failure("the store", "The test event left the queue and is not in the database.");
  }

  private failure(stage: string, reason: string): CodedError {
    return cliError("NOT_READY", { name: this.request.deployment.name, stage, reason });
  }
}

/**
 * Sends a probe event in at the URL and waits until it comes out of the store (and is removed from it).
 * Throws NOT_READY, which says which stage did not answer. A backlog or a paused worker is no failure.
 */
export function awaitReady(request: ReadinessRequest): Promise<Ready> {
  request.progress.phase("Ready?");
  return new Probe(request).run();
}
