import type { IncomingRequest } from "./event";
import type { Log } from "./log";
import { REDACTED, redactHeaders, redactQuery } from "./redact";

/** Of one sandbox. More would cost more to log than to refuse. */
const A_MINUTE = 60;
const MINUTE_MS = 60_000;
/** Bytes of a body that are logged. */
const BODY_SHOWN = 1024;

export interface RejectionsOptions {
  log: Log;
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

/** Logs refused requests, so that "why 401?" has an answer, without letting anybody fill the log. */
export class Rejections {
  private since = 0;
  private logged = 0;
  private unlogged = 0;

  constructor(private readonly options: RejectionsOptions) {}

  add(request: IncomingRequest, code: string, reason: string): void {
    const now = this.options.now();
    if (now - this.since >= MINUTE_MS) [this.since, this.logged] = [now, 0];
    if (this.logged >= A_MINUTE) {
      this.unlogged++;
      return;
    }
    this.logged++;
    const fields: Rejection = { ...this.facts(request), code, reason };
    if (this.unlogged > 0) fields.unlogged = this.unlogged;
    this.unlogged = 0;
    this.options.log("warn", "request refused", { ...fields });
  }

  private facts(request: IncomingRequest): Omit<Rejection, "code" | "reason"> {
    const { id, method, path, sourceIp, raw } = request;
    const { secretPlaces } = this.options;
    const body = raw.subarray(0, BODY_SHOWN).toString();
    const shown = {
      query: redactQuery(request.query, secretPlaces),
      headers: redactHeaders(request.headers, secretPlaces),
      body: raw.length > BODY_SHOWN ? `${body}…` : body,
    };
    return { id, method, path, sourceIp, bytes: raw.length, ...this.withoutSecrets(shown) };
  }

  /** A sender that is set up wrongly may put the secret anywhere. */
  private withoutSecrets<T>(value: T): T {
    const secrets = this.options.secrets.filter((secret) => secret.length >= 4).map(inJson);
    const text = secrets.reduce((all, secret) => all.replaceAll(secret, REDACTED), JSON.stringify(value));
    return JSON.parse(text) as T;
  }
}

/** As it stands inside of a JSON string. */
function inJson(secret: string): string {
  return JSON.stringify(secret).slice(1, -1);
}
