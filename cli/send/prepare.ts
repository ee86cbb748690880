import type { Preset, VerifySettings } from "../../runtime/verify/preset";
import { type Fresh, type Sender, sign, type Unsigned } from "./sender";

/** A request that is ready to go. */
export interface Prepared {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

export interface Preparing {
  sender: Sender;
  preset: Preset;
  event: string;
  /** As the receiver will name the request's URL, without a query. */
  url: string;
  key: string;
  settings: VerifySettings;
  fresh: Fresh;
}

/** `url` with the query of another one. */
function withQueryOf(url: string, other: string): string {
  const joined = new URL(url);
  joined.search = new URL(other).search;
  return joined.href;
}

/** One example event of a provider's, signed for the deployment at `url`. */
export function prepare({ sender, preset, event, url, key, settings, fresh }: Preparing): Prepared {
  const example = sender.events[event]!(fresh);
  const { method = "POST", query, body, contentType } = example;
  const type = contentType ?? (typeof body === "string" ? "text/plain" : "application/json");
  const unsigned: Unsigned = {
    method,
    url: query ? `${url}?${query}` : url,
    headers: { "content-type": type, ...example.headers },
    body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
  };
  const told = settings.url === undefined ? unsigned.url : withQueryOf(settings.url, unsigned.url);
  const signed = sign(
    sender,
    preset,
    { ...unsigned, url: told },
    { key, now: fresh.now.getTime(), id: fresh.id, settings },
  );
  return {
    method,
    // Posted here, whatever the provider was told.
    url: withQueryOf(url, signed.url ?? told),
    headers: { ...unsigned.headers, ...signed.headers },
    body: signed.body ?? unsigned.body,
  };
}
