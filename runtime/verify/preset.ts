import type { HttpAnswer } from "../answer";
import type { IncomingRequest } from "../event";
import type { Log } from "../log";
import type { HmacScheme } from "./hmac";

/** What a deployment says of its verification beside its secrets: JSON in the function's code. */
export interface VerifySettings {
  /** Name of the preset. */
  scheme: string;
  /** What the provider was told to post to, for schemes that sign it; absent: as the request names it. */
  url?: string;
  /** Seconds a signed time may be away from now, either way; absent: what the preset says. */
  tolerance?: number;
  /** Where the delivery id stands; absent: where the preset says. See delivery-id.ts. */
  id?: string;
  /** Addresses that may post, `192.0.2.0/24,2001:db8::/32`; absent: all. */
  ips?: string;
  /** What a generic handshake sends back: `query:challenge`, `header:x-challenge`, `body:/challenge`. */
  echo?: string;
  /** Of the generic presets: header of the signature or of the key, and how the signature is made. */
  header?: string;
  prefix?: string;
  encoding?: string;
  algorithm?: string;
  template?: string;
  timestampHeader?: string;
}

/** Everything that a check or a handshake may look at. */
export interface Ask {
  request: IncomingRequest;
  /** All that are valid now: several while one takes the place of another. */
  keys: readonly string[];
  /** Milliseconds since the epoch. */
  now: number;
  settings: VerifySettings;
  /** The second secret of presets whose handshake has one. */
  token?: string;
  /** The text at an address: certificates, subscriptions. Throws when there is none in time. */
  fetchText(url: string): Promise<string>;
  /** The function's log, for what is checked by code of the user's. */
  log?: Log;
}

/** `key`: index in `Ask.keys` of the secret that fitted; null where the scheme has none. */
export type Checked = { ok: true; key: number | null } | { ok: false; reason: string };

export type Check = (ask: Ask) => Checked | Promise<Checked>;

/** A question of the provider's that is answered at once and is no event. */
export interface Handshake {
  /** "open": whoever asks is answered; "verified": only who has passed the check. */
  when: "open" | "verified";
  method: "GET" | "POST" | "OPTIONS";
  /** Undefined: the request is not this question. */
  answer(ask: Ask): Shaken | undefined | Promise<Shaken | undefined>;
}

export interface Shaken {
  answer: HttpAnswer;
  /** For the log of whoever sets the webhook up. */
  note?: string;
  /** Why the question was not answered as it wanted: told as of a request that did not pass. */
  refused?: string;
}

/** What is answered for an event that was queued, where the provider wants something of its own. */
export interface Success {
  status?: number;
  body?: string;
  contentType?: string;
}

/** One provider's way to sign, to ask, and to name its deliveries. Data wherever data is enough. */
export interface Preset {
  /** As in `--verify`. */
  name: string;
  /** The provider, as it writes itself. */
  title: string;
  /** The provider's own page. */
  docs: string;
  /**
   * What the check was held against: "npm stripe" (the provider's own library), "documentation" (an example of its pages
   * with the signature it must have). Null: neither exists, the preset is experimental.
   */
  checkedAgainst: string | null;
  /** What `--secret` is and where it is to be found; absent: the scheme has none. */
  secret?: string;
  /** The provider tells the secret in a handshake, so that there is none before. */
  secretComesLater?: true;
  /** What is wrong with a secret that cannot be one; undefined when it can. */
  secretProblem?(secret: string): string | undefined;
  /** What `--verify-token` is; absent: the preset has none. */
  token?: string;
  /** Whether a change anywhere in the body is noticed. */
  coversBody: boolean;
  /** Seconds a signed time may be away from now; absent: none is looked at unasked, an old request can be sent again. */
  tolerance?: number;
  /** A time is signed, though no `tolerance` holds for every request: it is looked at when one is asked for. */
  signsTime?: true;
  /** Of `signsTime`, for people: how far that time may be away, where it depends on the kind of secret. */
  timeNote?: string;
  /** The URL is part of what is signed, though no `{url}` in `hmac` says so. */
  signsUrl?: true;
  check: Check;
  /** What the check was made from, for whoever wants to sign. */
  hmac?: HmacScheme;
  /** Where the delivery id stands, best first; see delivery-id.ts. */
  id: readonly string[];
  handshakes?: readonly Handshake[];
  /** What must not be stored or shown, because it *is* the secret: `header:x-token`, `query:code`. */
  redact?(settings: VerifySettings): readonly string[];
  success?: Success;
}

/** Thrown by a check that cannot tell now whether a request is genuine: the sender is to try again. */
export class Undecided extends Error {}

export const accepted = (key: number | null): Checked => ({ ok: true, key });
export const refused = (reason: string): Checked => ({ ok: false, reason });
