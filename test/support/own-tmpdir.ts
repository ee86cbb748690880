import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Everything temporary of a run of mocha lies in one folder, which goes with it, whatever a test forgets. Under `npm test`
 * each file has such a folder already.
 */
if (!process.env.NAMI_TEST_FIGURES) {
  const folder = mkdtempSync(join(tmpdir(), "nami-mocha-"));
  process.env.TMPDIR = folder;
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
}
