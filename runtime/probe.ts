import { createHmac, timingSafeEqual } from "node:crypto";

export const PROBE_HEADER = "nami-probe";

/** An event of Nami's own that shows, from URL to store, that a deployment works. */
export interface Probe {
  /** Name of the deployment it is meant for. */
  name: string;
  /** Unguessable and unique. */
  nonce: string;
  /** Milliseconds since the epoch; afterwards nobody waits for it and it is dropped. */
  deadline: number;
}

/** The value of the header `nami-probe`: `<base64url(JSON)>.<hex HMAC-SHA256 over that text>`. */
export function signProbe(key: string, { name, nonce, deadline }: Probe): string {
  const text = Buffer.from(JSON.stringify({ name, nonce, deadline })).toString("base64url");
  return `${text}.${mac(key, text).toString("hex")}`;
}

/** Checks a header made by signProbe, in constant time. An empty key fits nothing: anybody could sign with it. */
export function checkProbe(
  key: string,
  header: string,
  name: string,
  now: number,
): { ok: true; probe: Probe } | { ok: false; reason: string } {
  const [text = "", signature = "", ...rest] = header.split(".");
  const given = Buffer.from(signature, "hex");
  const expected = mac(key, text);
  if (!key || rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return { ok: false, reason: "probe signature does not fit" };
  }
  const probe = JSON.parse(Buffer.from(text, "base64url").toString()) as Probe;
  if (probe.name !== name) return { ok: false, reason: `probe is meant for ${JSON.stringify(probe.name)}` };
  if (probe.deadline <= now) return { ok: false, reason: "probe is past its deadline" };
  return { ok: true, probe };
}

function mac(key: string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
