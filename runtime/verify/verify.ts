import type { IncomingRequest } from "../event";
import { checkProbe, type Probe } from "../probe";

/** How a request was found genuine; stored with the event. */
export interface Verified {
  scheme: string;
  /** Which of the secrets fitted; null where the scheme has none. */
  keyIndex: number | null;
}

declare const checked: unique symbol;

/** Only this file makes one, and only one of these can be queued: an unchecked request does not compile. */
export type VerifiedRequest = IncomingRequest & { readonly verified: Verified; readonly [checked]: true };

export type Verification =
  | { ok: true; scheme: string; keyIndex: number | null; request: VerifiedRequest }
  | { ok: false; reason: string };

type Check = (
  secrets: readonly string[],
  request: IncomingRequest,
  now: number,
) => Verified | { reason: string };

/** Schemes by name. "none" accepts everything, and the CLI says *unverified* where it is used. */
const schemes: Record<string, Check> = {
  none: () => ({ scheme: "none", keyIndex: null }),
};

/**
 * Is the request from whom it says? Over the raw bytes; an unknown scheme fails closed.
 * @param secrets all that are valid now: several while a secret is rotated
 * @param now milliseconds since the epoch, for schemes with a timestamp
 */
export function verify(
  scheme: string,
  secrets: readonly string[],
  request: IncomingRequest,
  now: number,
): Verification {
  const check = Object.hasOwn(schemes, scheme) ? schemes[scheme] : undefined;
  if (!check) return { ok: false, reason: `unknown verification scheme ${JSON.stringify(scheme)}` };
  const result = check(secrets, request, now);
  return "reason" in result ? { ok: false, reason: result.reason } : accept(request, result);
}

/** Nami's own readiness probe: genuine when it is signed with the deployment's probe key. */
export function verifyProbe(
  key: string,
  name: string,
  header: string,
  request: IncomingRequest,
  now: number,
): (Extract<Verification, { ok: true }> & { probe: Probe }) | { ok: false; reason: string } {
  const result = checkProbe(key, header, name, now);
  if (!result.ok) return result;
  return { ...accept(request, { scheme: "probe", keyIndex: 0 }), probe: result.probe };
}

function accept(request: IncomingRequest, verified: Verified): Extract<Verification, { ok: true }> {
  return { ok: true, ...verified, request: { ...request, verified } as VerifiedRequest };
}
