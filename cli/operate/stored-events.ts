import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Piece } from "../../runtime/pieces";
import type { StoredEvent } from "../display/event-text";
import { cliError } from "../errors";
import type { Operator } from "./operator";
import { shellQuote } from "./shell-quote";

interface Page {
  events: StoredEvent[];
  next?: unknown;
}

type Asked = Pick<Operator, "invoke">;
type AskedName = Asked & { deployment: Pick<Operator["deployment"], "name"> };

/** Events a page; the operator answers less when they are large. */
const PAGE = 500;

/** Newest first. One that is too large for a page has `abridged` in place of its bytes and body. */
export async function* eventPages(operator: Asked, limit: number): AsyncGenerator<StoredEvent[]> {
  let before: unknown;
  for (let left = limit; left > 0; ) {
    const page = await operator.invoke<Page>({ action: "events", limit: Math.min(left, PAGE), before });
    if (page.events.length > 0) yield page.events;
    left -= page.events.length;
    before = page.next;
    if (before === undefined || before === null) return;
  }
}

/** How often an event is read anew that changes between its pieces: a duplicate that is counted, now and then. */
const TRIES = 5;

/**
 * One event with everything, by its whole `_id` or by the delivery id alone; null when there is none.
 * Throws what the operator throws.
 */
export async function wholeEvent(operator: AskedName, id: string): Promise<StoredEvent | null> {
  for (let left = TRIES; left > 0; left--) {
    const found = await readOnce(operator, id);
    if (found !== "changed") return found;
  }
  throw cliError("EVENT_CHANGES", { name: operator.deployment.name, id, quoted: shellQuote(id) });
}

async function readOnce(operator: Asked, id: string): Promise<StoredEvent | null | "changed"> {
  const ask = (piece: number) =>
    operator.invoke<{ event: StoredEvent | null } | Piece>({ action: "event", id, piece });
  const first = await ask(0);
  if (!("piece" in first)) return first.event;
  let text = first.piece;
  for (let number = 1; number < first.of; number++) {
    const next = await ask(number);
    if (!("piece" in next) || next.version !== first.version) return "changed";
    text += next.piece;
  }
  return JSON.parse((await promisify(gunzip)(Buffer.from(text, "base64"))).toString());
}
