import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { lock } from "proper-lockfile";

/** The owner refreshes its lock several times in this span; one that does not is dead. Milliseconds. */
const STALE = 15_000;
const RETRY = 500;
const SCRATCH = ".engine-installing-";

async function acquire(dir: string, onWait: () => void, signal: AbortSignal): Promise<() => Promise<void>> {
  for (let waited = false; ; waited = true) {
    signal.throwIfAborted();
    try {
      // A lock lost while the machine slept harms nothing: two installers work in folders of their own.
      const options = { lockfilePath: join(dir, ".engine.lock"), stale: STALE, onCompromised: () => {} };
      return await lock(dir, options);
    } catch (error) {
      if ((error as { code?: string }).code !== "ELOCKED") throw error;
    }
    if (!waited) onWait();
    await new Promise((resolve) => setTimeout(resolve, RETRY));
  }
}

/**
 * Runs `install` while no other process installs an engine into `dir` (NAMI_HOME/tools), and hands it a folder to
 * work in. The second of two that start together waits, says so once through `onWait`, and should look again first:
 * the other has probably done the work. What an interrupted run left half-made is gone when `install` begins.
 */
export async function withEngineLock<T>(
  dir: string,
  options: { onWait: () => void; signal: AbortSignal },
  install: (scratch: string) => Promise<T>,
): Promise<T> {
  mkdirSync(dir, { recursive: true });
  const release = await acquire(dir, options.onWait, options.signal);
  const scratch = join(dir, `${SCRATCH}${process.pid}`);
  try {
    for (const entry of readdirSync(dir)) {
      if (entry.startsWith(SCRATCH)) rmSync(join(dir, entry), { recursive: true, force: true });
    }
    mkdirSync(scratch);
    return await install(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    await release();
  }
}
