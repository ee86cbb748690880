/** Providers wait 3 s and more for an answer; what is fetched is a few KB. */
const PATIENCE_MS = 1500;
const MOST_BYTES = 64 * 1024;

/** The text at an https address. No redirect is followed: the address was checked, another one was not. Throws. */
export async function fetchText(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(`${new URL(url).host} answered ${answer.status}`);
  const text = await answer.text();
  if (text.length > MOST_BYTES)
    throw new Error(`${new URL(url).host} answered more than ${MOST_BYTES} bytes`);
  return text;
}
