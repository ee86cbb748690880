import { mock } from "node:test";
import { setImmediate as turn } from "node:timers/promises";

/** Milliseconds that the clock moves in one turn of the event loop. */
const STEP = 10;
/** Milliseconds on the clock: longer waits than any test has reason for. */
const MOST = 600_000;

/**
 * Runs `work` on a clock of its own, so that a wait takes no real time: timers and `Date.now()` advance together. Only
 * for work without a socket, file or process that is waited for: such things keep the real time.
 */
export async function onFastClock<T>(work: () => Promise<T>): Promise<T> {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"], now: Date.now() });
  const begun = Date.now();
  let settled = false;
  try {
    const done = work().finally(() => {
      settled = true;
    });
    done.catch(() => {});
    while (!settled) {
      await turn();
      mock.timers.tick(STEP);
      if (Date.now() - begun > MOST) throw new Error(`still waiting after ${MOST / 1000} s on the clock`);
    }
    return await done;
  } finally {
    mock.timers.reset();
  }
}
