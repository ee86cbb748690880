import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { paths } from "../../local/paths";
import { type Io, note } from "../io";
import { waitForLock } from "../lock";

/** Longer than any build takes. Seconds. */
const PATIENCE = 3_600;
const SCRATCH = ".engine-installing-";

/**
 * Runs `install` while no other process installs an engine into NAMI_HOME/tools, and hands it a folder to work in.
 * The second of two that start together waits, says so, and should look again first: the other has probably done the
 * work. What an interrupted run left half-made is gone when `install` begins.
 */
export async function withEngineLock<T>(
  home: string,
  io: Io,
  install: (scratch: string) => Promise<T>,
): Promise<T> {
  const dir = paths.tools(home);
  // No deployment can have this name, so none can be locked by it.
  const request = { home, name: ".engine", command: "install the Pulumi engine", now: io.now };
  const onWait = () => note(io, "another nami is installing the Pulumi engine; waiting for it ...");
  const lock = await waitForLock(request, { seconds: PATIENCE, signal: io.signal, onWait });
  const scratch = join(dir, `${SCRATCH}${process.pid}`);
  try {
    mkdirSync(dir, { recursive: true });
    for (const entry of readdirSync(dir)) {
      if (entry.startsWith(SCRATCH)) rmSync(join(dir, entry), { recursive: true, force: true });
    }
    mkdirSync(scratch);
    return await install(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    lock.release();
  }
}
