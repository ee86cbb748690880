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

/**
 * The generic handshake of `--verify-echo`. An event may have the same field: this is an answer, never a reason not to
 * queue.
 */
export function genericEcho({ request, settings }: Pick<Ask, "request" | "settings">): Shaken | undefined {
  const { "content-encoding": encoding, ...headers } = request.headers;
  const readable = encoding === undefined && request.raw.length <= CHALLENGE_BODY;
  const source = { ...request, headers, raw: readable ? request.raw : Buffer.alloc(0) };
  const challenge = settings.echo && valueAt(source, settings.echo);
  return challenge ? echo(challenge) : undefined;
}

/** The answer to a question of the preset's provider; undefined when the request is none. Throws what a fetch throws. */
export async function shake(preset: Preset, when: Handshake["when"], ask: Ask): Promise<Shaken | undefined> {
  const own = (preset.handshakes ?? []).filter(
    (each) => each.when === when && each.method === ask.request.method,
  );
  for (const each of own) {
    const shaken = await each.answer(ask);
    if (shaken) return shaken;
  }
  return undefined;
}

/** Whether a request of this method may be one of the provider's handshakes, or one that only a verified sender gets. */
export function mayShake({ handshakes = [] }: Preset, method: string, when?: Handshake["when"]): boolean {
  return handshakes.some((each) => each.method === method && (when === undefined || each.when === when));
}
