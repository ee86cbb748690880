import { deliveryId, FORMER_IDS } from "../delivery-id";
import type { IncomingRequest } from "../event";
import { type Log, reasonOf } from "../log";
import { checkProbe, type Probe } from "../probe";
import { addressProblem } from "./addresses";
import { type Ask, type Checked, type Preset, Undecided, type VerifySettings } from "./preset";
import type { VerificationSecret } from "./secrets";

/** How a request was found genuine; stored with the event. */
export interface Verified {
  scheme: string;
  /** Number of the secret that fitted, as `nami secret list` shows it; null where the scheme has none. */
  keyIndex: number | null;
}

declare const checked: unique symbol;

/** Only this file makes one, and only one of these can be queued: an unchecked request does not compile. */
export type VerifiedRequest = IncomingRequest & {
  readonly verified: Verified;
  /** Headers and query parameters that must not be kept, because they are the secret. */
  readonly secretPlaces: readonly string[];
  readonly [checked]: true;
};

export type Verification =
  | { ok: true; scheme: string; keyIndex: number | null; request: VerifiedRequest }
  /** `undecided`: whether it is genuine cannot be told now. */
  | { ok: false; reason: string; undecided?: true };

/** One deployment's way to verify. */
export interface Verifier {
  preset: Preset;
  /** All that are valid now: several while one takes the place of another. */
  secrets: readonly VerificationSecret[];
  settings: VerifySettings;
  /** The second secret of presets whose handshake has one. */
  token?: string;
  fetchText(url: string): Promise<string>;
  log?: Log;
}

/**
 * What a check or handshake of this deployment is given.
 * @param now milliseconds since the epoch
 */
export function askOf({ secrets, ...verifier }: Verifier, request: IncomingRequest, now: number): Ask {
  const { settings, token, fetchText, log } = verifier;
  return { request, keys: secrets.map(({ value }) => value), now, settings, token, fetchText, log };
}

/**
 * Is the request from whom it says? Over the raw bytes, in constant time, and whatever goes wrong: no. Never throws.
 * @param now milliseconds since the epoch, for schemes that sign a time
 */
export async function verify(
  verifier: Verifier,
  request: IncomingRequest,
  now: number,
): Promise<Verification> {
  const { preset, secrets, settings } = verifier;
  const result = await judge(verifier, request, now);
  if (!result.ok) return result;
  const keyIndex = result.key === null ? null : secrets[result.key]!.number;
  const rules = settings.id ? [settings.id] : preset.id.length > 0 ? preset.id : undefined;
  const id = deliveryId(request, rules) ?? request.requestId;
  const formerId = rules ? undefined : deliveryId(request, FORMER_IDS);
  const verified = { scheme: preset.name, keyIndex };
  const named = { ...request, id, ...(formerId !== undefined && formerId !== id && { formerId }) };
  return accept(named, verified, preset.redact?.(settings) ?? []);
}

type Judged = Checked | { ok: false; reason: string; undecided: true };

async function judge(verifier: Verifier, request: IncomingRequest, now: number): Promise<Judged> {
  const { preset, secrets, settings } = verifier;
  try {
    const from = settings.ips === undefined ? undefined : addressProblem(settings.ips, request);
    if (from !== undefined) return { ok: false, reason: from };
    if (preset.secret !== undefined && secrets.length === 0)
      return { ok: false, reason: `no secret is set: ${preset.name} needs one` };
    return await preset.check(askOf(verifier, request, now));
  } catch (error) {
    if (error instanceof Undecided) return { ok: false, reason: error.message, undecided: true };
    return { ok: false, reason: `the check failed: ${reasonOf(error)}` };
  }
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
  return { ...accept(request, { scheme: "probe", keyIndex: 0 }, []), probe: result.probe };
}

function accept(
  request: IncomingRequest,
  verified: Verified,
  secretPlaces: readonly string[],
): Extract<Verification, { ok: true }> {
  return { ok: true, ...verified, request: { ...request, verified, secretPlaces } as VerifiedRequest };
}
