import { answer } from "../answer";
import { valueAt } from "../delivery-id";
import type { Ask, Handshake, Preset, Shaken } from "./preset";

/**
 * What somebody sent comes back as plain text, whatever it is: a browser must not take it for a page.
 * https://www.dropbox.com/developers/reference/webhooks asks for the same.
 */
export function echo(challenge: string): Shaken {
  return { answer: answer(200, challenge, { "x-content-type-options": "nosniff" }) };
}

/** A parameter of the query, when it stands there once. */
export function queryValue({ request }: Ask, name: string): string | undefined {
  const value = request.query[name];
  return typeof value === "string" ? value : undefined;
}

/** A challenge is short. More of what a stranger sent is not read, and nothing is decompressed. Bytes. */
const CHALLENGE_BODY = 16 * 1024;

/** The generic handshake of `--verify-echo`. */
const genericEcho: Handshake["answer"] = ({ request, settings }) => {
  const { "content-encoding": encoding, ...headers } = request.headers;
  const readable = encoding === undefined && request.raw.length <= CHALLENGE_BODY;
  const source = { ...request, headers, raw: readable ? request.raw : Buffer.alloc(0) };
  const challenge = settings.echo && valueAt(source, settings.echo);
  return challenge ? echo(challenge) : undefined;
};

/** The answer to a provider's question; undefined when the request is none. Throws what a fetch throws. */
export async function shake(preset: Preset, when: Handshake["when"], ask: Ask): Promise<Shaken | undefined> {
  const own = (preset.handshakes ?? []).filter(
    (each) => each.when === when && each.method === ask.request.method,
  );
  const answers = [...own.map((each) => each.answer), ...(when === "open" ? [genericEcho] : [])];
  for (const answerOf of answers) {
    const shaken = await answerOf(ask);
    if (shaken) return shaken;
  }
  return undefined;
}

/** Whether a request of this method may be a handshake that only a verified sender gets. */
export function mayShake(preset: Preset, method: string): boolean {
  return (preset.handshakes ?? []).some((each) => each.when === "verified" && each.method === method);
}
