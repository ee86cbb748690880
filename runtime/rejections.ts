import type { IncomingRequest } from "./event";
import { LONGEST_WRITTEN, secretHider } from "./hide-secrets";
import type { Log } from "./log";
import type { MinuteBudget } from "./minute-budget";
import { redactHeaders, redactQuery } from "./redact";

/** Bytes of a body that are logged. */
const BODY_SHOWN = 1024;

export interface RejectionsOptions {
  log: Log;
  /** Lines that strangers may cause. */
  budget: MinuteBudget;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Texts that must not be logged, wherever they stand. */
  secrets: readonly string[];
  /** Headers and query parameters that are the secret: `header:x-token`. */
  secretPlaces: readonly string[];
}

/** What `nami rejected` shows of one request. */
export interface Rejection {
  code: string;
  id: string;
  reason: string;
  method: string;
  path: string;
  query: Record<string, unknown>;
  headers: Record<string, string>;
  sourceIp: string;
  bytes: number;
  /** The beginning of it. */
  body: string;
  /** How many were refused before this one without a line of their own. */
  unlogged?: number;
}

/** Logs refused requests, so that "why 401?" has an answer, without letting anybody fill the log. Never throws. */
export class Rejections {
  private unlogged = 0;
  private readonly hidden: (text: string) => string;

  constructor(private readonly options: RejectionsOptions) {
    this.hidden = secretHider(options.secrets);
  }

  add(request: IncomingRequest, code: string, reason: string): void {
    const { budget, log, now } = this.options;
    if (!budget.allows(now())) {
      this.unlogged++;
      return;
    }
    const fields: Rejection = { ...this.facts(request), code, reason };
    if (this.unlogged > 0) fields.unlogged = this.unlogged;
    this.unlogged = 0;
    log("warn", "request refused", { ...fields });
  }

  private facts(request: IncomingRequest): Omit<Rejection, "code" | "reason"> {
    const { id, method, path, sourceIp, raw } = request;
    const { secretPlaces } = this.options;
    return {
      ...{ id, method, path, sourceIp, bytes: raw.length },
      query: this.withoutSecrets(redactQuery(request.query, secretPlaces)),
      headers: this.withoutSecrets(redactHeaders(request.headers, secretPlaces)),
      body: this.beginning(raw),
    };
  }

  /** Hidden before it is cut: half of a secret is too much, too. */
  private beginning(raw: Buffer): string {
    const longest =
      LONGEST_WRITTEN * Math.max(0, ...this.options.secrets.map((secret) => Buffer.byteLength(secret)));
    const text = this.hidden(raw.subarray(0, BODY_SHOWN + longest).toString());
    return raw.length > BODY_SHOWN ? `${text.slice(0, BODY_SHOWN)}…` : text;
  }

  /** A sender that is set up wrongly may put the secret anywhere. */
  private withoutSecrets<T extends Record<string, unknown>>(fields: T): T {
    const text = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(text);
      return typeof value === "string" ? this.hidden(value) : value;
    };
    const shown = Object.entries(fields).map(([name, value]) => [this.hidden(name), text(value)]);
    return Object.fromEntries(shown) as T;
  }
}
