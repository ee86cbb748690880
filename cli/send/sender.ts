import { randomBytes } from "node:crypto";
import type { IncomingRequest } from "../../runtime/event";
import { type HmacScheme, hmacOf } from "../../runtime/verify/hmac";
import type { Preset, VerifySettings } from "../../runtime/verify/preset";

/** A request before it is signed. */
export interface Unsigned {
  method: string;
  /** All of it, with query: some schemes sign it. */
  url: string;
  /** Lower-cased names. */
  headers: Record<string, string>;
  body: Buffer;
}

/** What signing adds, or takes the place of. */
export interface Signed {
  headers: Record<string, string>;
  url?: string;
  body?: Buffer;
  /** What the receiver will fetch, by URL: certificates. */
  served?: Record<string, string>;
}

/** With what, and when. */
export interface Signing {
  /** What the provider signs with: the shared secret, or the private key that belongs to a public one. */
  key: string;
  /** Milliseconds since the epoch. */
  now: number;
  /** Of the delivery: another one each time. */
  id: string;
  /** How the deployment verifies, for presets that are told how. */
  settings?: VerifySettings;
}

/** A real request of a provider's, with the id and time of now in it. */
export interface Example {
  /** POST, unless said. */
  method?: string;
  query?: string;
  headers?: Record<string, string>;
  contentType?: string;
  body: string | object;
}

export interface Fresh {
  /** A UUID. */
  id: string;
  now: Date;
}

export interface KeyPair {
  /** What the deployment is given. */
  secret: string;
  /** What the provider has. */
  key: string;
}

/** The check fetches the certificate from the provider's own address: whoever else signs, it does not pass. */
export type OfCertificate = "certificate";

/** Whoever has the private half of what the deployment was given can send. */
export interface OwnPair {
  /** A shell command that keeps a private key in `<preset>.pem` and writes the public half as a deployment is given it. */
  make: string;
}

/** How one provider's events look and are signed. */
export interface Sender {
  preset: string;
  /** By the provider's own names; the first is sent when none is named. */
  events: Record<string, (fresh: Fresh) => Example>;
  /** Absent: as the preset's HMAC says. */
  sign?(request: Unsigned, signing: Signing): Signed;
  /** A secret of the right shape, for tests and for trying out. Absent: 32 random bytes as hex, both shared. */
  makeKey?(): KeyPair;
  /** The provider signs with a private key: what the deployment has is not enough to send. */
  privateKey?: OfCertificate | OwnPair;
}

export function makeKey(sender: Sender): KeyPair {
  if (sender.makeKey) return sender.makeKey();
  const secret = randomBytes(32).toString("hex");
  return { secret, key: secret };
}

/** Throws when the preset is neither an HMAC nor has a `sign` of its own: an error of Nami's own. */
export function sign(sender: Sender, preset: Preset, request: Unsigned, signing: Signing): Signed {
  if (sender.sign) return sender.sign(request, signing);
  if (!preset.hmac) throw new Error(`the preset ${preset.name} cannot be signed`);
  return { headers: hmacHeaders(preset.hmac, request, signing) };
}

/** The headers that a check of the same scheme wants to see. Throws when the key cannot be one. */
export function hmacHeaders(
  scheme: HmacScheme,
  request: Unsigned,
  { key, now }: Pick<Signing, "key" | "now">,
): Record<string, string> {
  const timestamp = scheme.timestamp && timeText(now, scheme.timestamp.unit);
  const url = new URL(request.url);
  const given = {
    method: request.method,
    path: url.pathname,
    headers: request.headers,
    raw: request.body,
  } as IncomingRequest;
  const mac = hmacOf(scheme, key, given, { timestamp, url: request.url });
  if (!mac) throw new Error(`the secret cannot be a key of ${scheme.header}`);
  const text = mac.toString(scheme.encoding);
  const headers: Record<string, string> = {};
  if (scheme.timestamp?.header) headers[scheme.timestamp.header] = timestamp!;
  headers[scheme.header] = scheme.fields
    ? fieldsText(scheme.fields, text, timestamp)
    : `${scheme.prefix ?? ""}${text}`;
  return headers;
}

function fieldsText(
  { separator, signature, timestamp: name }: NonNullable<HmacScheme["fields"]>,
  text: string,
  timestamp: string | undefined,
): string {
  const parts = [`${signature}=${text}`];
  if (name) parts.unshift(`${name}=${timestamp}`);
  return parts.join(separator);
}

function timeText(now: number, unit: string): string {
  if (unit === "iso") return new Date(now).toISOString();
  return String(unit === "ms" ? now : Math.floor(now / 1000));
}
