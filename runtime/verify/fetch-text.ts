import { MinuteBudget } from "../minute-budget";

/** Providers wait 3 s and more for an answer; what is fetched is a few KB. */
const PATIENCE_MS = 1500;
const MOST_BYTES = 64 * 1024;

/** What strangers may have a sandbox fetch: the address stands in a request that is not verified yet. */
const A_MINUTE = 10;

/** `fetchText`, so many times a minute and no more. Throws beyond, too. */
export function limitedFetch(now: () => number): (url: string) => Promise<string> {
  const budget = new MinuteBudget(A_MINUTE);
  return async (url) => {
    if (!budget.allows(now())) throw new Error(`more than ${A_MINUTE} addresses were asked for in a minute`);
    return fetchText(url);
  };
}

/** Answered at a wrong address; anything else may be otherwise in a moment. */
const NOT_THERE: readonly number[] = [404, 410];

/** Whoever answers for the address has no such text. */
export class NotThere extends Error {}

/**
 * The text at an https address. No redirect is followed: the address was checked, another one was not. Throws, NotThere
 * when asking again is in vain.
 */
async function fetchText(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (NOT_THERE.includes(answer.status)) throw new NotThere(`${new URL(url).host} answered ${answer.status}`);
  if (!answer.ok) throw new Error(`${new URL(url).host} answered ${answer.status}`);
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Error(`${new URL(url).host} answered more than ${MOST_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
