import { type Example, makeKey, type Sender, type Signed, sign } from "../../cli/send/sender";
import { type IncomingRequest, incomingRequest } from "../../runtime/event";
import type { Preset, VerifySettings } from "../../runtime/verify/preset";
import type { VerificationSecret } from "../../runtime/verify/secrets";
import { type Verification, type Verifier, verify } from "../../runtime/verify/verify";
import { httpEvent } from "./aws-events";

export const NOW = Date.UTC(2026, 10, 26, 12);
export const URL_OF = "https://hooks.example.com/demo";

/** A request as the gateway hands it over, in parts that a test may change. */
export interface Parts {
  method: string;
  query: string;
  headers: Record<string, string>;
  body: Buffer;
}

export interface SignedParts extends Parts {
  /** What signing added. */
  signed: Record<string, string>;
  served: Record<string, string>;
}

let counter = 0;

export function exampleOf(sender: Sender, event = Object.keys(sender.events)[0]!, now = NOW): Example {
  const id = `${String(++counter).padStart(8, "0")}-1c9a-4000-8000-2f6b7c1d9e05`;
  return sender.events[event]!({ id, now: new Date(now) });
}

/** What the sender would post, signed with `key`. */
export function signedParts(
  sender: Sender,
  preset: Preset,
  {
    key,
    now = NOW,
    event,
    settings,
    base = URL_OF,
  }: { key: string; now?: number; event?: string; settings?: VerifySettings; base?: string },
): SignedParts {
  const example = exampleOf(sender, event, now);
  const { method = "POST", query, body, contentType } = example;
  const type = contentType ?? (typeof body === "string" ? undefined : "application/json");
  const headers = {
    host: new URL(base).host,
    "x-forwarded-proto": new URL(base).protocol.replace(":", ""),
    ...(type && { "content-type": type }),
    ...example.headers,
  };
  const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  const url = query ? `${base}?${query}` : base;
  const id = `delivery-${++counter}`;
  const done: Signed = sign(
    sender,
    preset,
    { method, url, headers, body: bytes },
    { key, now, id, settings },
  );
  return {
    method,
    query: new URL(done.url ?? url).search.slice(1),
    headers: { ...headers, ...done.headers },
    body: done.body ?? bytes,
    signed: done.headers,
    served: done.served ?? {},
  };
}

export function requestOf({ method, query, headers, body }: Parts, now = NOW): IncomingRequest {
  return incomingRequest(httpEvent({ method, query, headers, body, time: now }), now);
}

export function numbered(...values: string[]): VerificationSecret[] {
  return values.map((value, i) => ({ number: i + 1, value }));
}

export function verifierOf(
  preset: Preset,
  secrets: VerificationSecret[],
  served: Record<string, string> = {},
  settings: Partial<VerifySettings> = {},
): Verifier {
  return {
    preset,
    secrets,
    settings: { scheme: preset.name, ...settings },
    fetchText: async (url) => {
      if (served[url] === undefined) throw new Error(`nobody serves ${url}`);
      return served[url];
    },
  };
}

/** Does the preset accept these parts? */
export function judged(
  preset: Preset,
  secrets: VerificationSecret[],
  parts: SignedParts,
  { now = NOW, settings }: { now?: number; settings?: Partial<VerifySettings> } = {},
): Promise<Verification> {
  return verify(verifierOf(preset, secrets, parts.served, settings), requestOf(parts, now), now);
}

export { makeKey };
