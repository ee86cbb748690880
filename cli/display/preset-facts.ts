import type { Preset } from "../../runtime/verify/preset";
import { senderOf } from "../send/senders";

/** What a preset is, for people and for programs. */
export function described(preset: Preset) {
  const { name, title, docs, checkedAgainst, secret, token, coversBody, tolerance, id } = preset;
  return {
    name,
    title,
    docs,
    secret: secret ?? null,
    verifyToken: token ?? null,
    bodyIsSigned: coversBody,
    toleranceSeconds: tolerance ?? null,
    deliveryId: id,
    handshakes: (preset.handshakes ?? []).map(({ method, when }) => `${method}, ${when}`),
    checkedAgainst,
    events: Object.keys(senderOf(name)?.events ?? {}),
  };
}
