import type { Preset } from "../../runtime/verify/preset";
import type { Sender } from "../send/sender";
import { senderOf } from "../send/senders";

/** Against a request that is sent again: what is done with the time that is signed along. */
function timeOf({ tolerance, signsTime, timeNote }: Preset): string {
  if (timeNote !== undefined) return timeNote;
  if (tolerance !== undefined) return `signed, within ${tolerance} s`;
  return signsTime
    ? "signed, of any age: only with --verify-tolerance an old request is refused"
    : "not looked at: an old request can be sent again";
}

/** For a column of a table: empty where no time is looked at. */
export function timeWithin({ tolerance, signsTime, timeNote }: Preset): string {
  if (tolerance !== undefined) return `${tolerance} s`;
  if (timeNote !== undefined) return "by secret";
  return signsTime ? "any" : "";
}

/** With what `nami send` signs for a name that looks at it: its own secret, a private key that it is given, or not at all. */
function eventsSignedBy(sender: Sender | undefined): "secret" | "private key" | "provider alone" | null {
  if (!sender) return null;
  if (sender.privateKey === undefined) return "secret";
  return sender.privateKey === "certificate" ? "provider alone" : "private key";
}

/** What a preset is, for people and for programs. */
export function described(preset: Preset) {
  const { name, title, docs, checkedAgainst, secret, token, coversBody, tolerance, id } = preset;
  const sender = senderOf(name);
  return {
    name,
    title,
    docs,
    secret: secret ?? null,
    verifyToken: token ?? null,
    bodyIsSigned: coversBody,
    toleranceSeconds: tolerance ?? null,
    time: timeOf(preset),
    deliveryId: id,
    handshakes: (preset.handshakes ?? []).map(({ method, when }) => `${method}, ${when}`),
    checkedAgainst,
    events: Object.keys(sender?.events ?? {}),
    eventsSignedBy: eventsSignedBy(sender),
  };
}
