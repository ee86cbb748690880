import assert from "node:assert/strict";
import { eventually, json, nami, storedEvents, up } from "./nami";
import { post } from "./post";
import { when } from "./when";

/** `nami up` of a new name that gets a signal `later` milliseconds after it has said `text`. It exits 130. */
export async function upCutBy(
  signal: NodeJS.Signals,
  home: string,
  name: string,
  text: RegExp,
  later = 0,
): Promise<void> {
  const cut = await nami(home, ["up", name, "--yes"], {
    onStart: when(text, (child) => setTimeout(() => child.kill(signal), later)),
  });
  assert.equal(cut.code, 130, cut.err);
}

/** The next `up` deploys the name whole: it stores an event, and there is nothing left to change. */
export async function mends(home: string, name: string): Promise<void> {
  const url = await up(home, name);
  assert.equal((await post(url, "x", { "webhook-id": "1" })).status, 200);
  const stored = await eventually(
    () => storedEvents(home, name),
    (all) => all.length > 0,
    60,
  );
  assert.equal(stored.length, 1);
  const { changes } = await json<{ changes: object }>(home, ["preview", name]);
  assert.deepEqual(changes, {});
}
