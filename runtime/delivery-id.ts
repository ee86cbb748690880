import { createHash } from "node:crypto";
import { decodeBody } from "./decode";
import { parseForm } from "./form";
import { jsonObject } from "./verify/json-body";

/** What of a request an id can be made of. */
export interface IdSource {
  headers: Record<string, string>;
  query: Record<string, string | string[]>;
  raw: Buffer;
  contentType: string | null;
}

/**
 * Headers that carry a provider's own id of a delivery, in order of preference. The same id comes again when the
 * provider retries: Standard Webhooks, GitHub, Shopify (its event id, not its per-delivery id), and the IETF draft.
 */
export const WELL_KNOWN_IDS = [
  "header:webhook-id",
  "header:x-github-delivery",
  // One event may be of several topics, as with the preset.
  "header:x-shopify-topic+header:x-shopify-event-id",
  "header:x-shopify-event-id",
  "header:idempotency-key",
];

/** What ids were made of before the topic was part of Shopify's: events that were stored then may be sent again. */
export const FORMER_IDS = WELL_KNOWN_IDS.filter((rule) => !rule.includes("+"));

/** Where a delivery id may stand: a header, a query parameter, a JSON pointer (RFC 6901) into JSON or a form; joined by `+`. */
export const ID_RULE =
  /^(header:[\w-]+|query:[\w.-]+|body:(\/[^/+]+)+)(\+(header:[\w-]+|query:[\w.-]+|body:(\/[^/+]+)+))*$/;

/** Printable ASCII without spaces: an id stands in URLs, in shells and in MongoDB's index (keys of bounded size). */
const ID = /^[\x21-\x7e]{1,200}$/;

/** The sender's delivery id by the first rule that finds one; undefined when none does. Never throws. */
export function deliveryId(source: IdSource, rules: readonly string[] = WELL_KNOWN_IDS): string | undefined {
  let parsed: { data: unknown } | undefined;
  const data = () => {
    parsed ??= { data: dataOf(source) };
    return parsed.data;
  };
  for (const rule of rules) {
    const parts = rule.split("+").map((place) => valueAt(source, place, data));
    if (parts.every((part) => part !== undefined)) return idOf(parts.join(":"));
  }
  return undefined;
}

/** An id of other characters, or a longer one, is as good by its hash. */
function idOf(text: string): string {
  return ID.test(text) ? text : `sha256-${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}

/** The text at `header:name`, `query:name` or `body:/pointer`; undefined when there is none. Never throws. */
export function valueAt(source: IdSource, place: string, data = () => dataOf(source)): string | undefined {
  const [, kind, rest] = /^(header|query|body):(.+)$/s.exec(place) ?? [];
  if (kind === "header") return source.headers[rest!.toLowerCase()]?.trim() || undefined;
  if (kind === "query") return textOf(source.query[rest!]);
  return kind === "body" ? textOf(pointed(data(), rest!)) : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** Not the strict parser of what is stored: an id may be read from data that cannot be kept. */
function dataOf({ contentType, headers, raw: sent }: IdSource): unknown {
  const decoded = decodeBody(headers["content-encoding"] ?? "", sent);
  const raw = decoded.ok ? decoded.bytes : sent;
  if (/^\s*application\/x-www-form-urlencoded/i.test(contentType ?? "") && raw[0] !== 0x7b) {
    try {
      return Object.fromEntries(parseForm(raw.toString()));
    } catch {
      return {};
    }
  }
  return jsonObject(raw);
}

/** https://www.rfc-editor.org/rfc/rfc6901 */
function pointed(data: unknown, pointer: string): unknown {
  const steps = pointer.slice(1).split("/");
  return steps.reduce<unknown>((at, step) => {
    if (typeof at !== "object" || at === null) return undefined;
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    return Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined;
  }, data);
}
