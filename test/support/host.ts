import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHost, type Host } from "../../local/host/host";
import { NO_REHEARSAL, type Rehearsal } from "../../local/rehearsal";

export interface TestHost {
  home: string;
  host: Host;
  /** What it logged. */
  lines: string[];
  /** Stops it and starts another in the same NAMI_HOME. */
  restart(): Promise<void>;
  remove(): Promise<void>;
}

/** A host in this process, in a NAMI_HOME of its own. */
export async function testHost(asked: Partial<Rehearsal> = {}): Promise<TestHost> {
  const home = mkdtempSync(join(tmpdir(), "nami-host-"));
  const lines: string[] = [];
  const rehearsal = { ...NO_REHEARSAL, ...asked };
  const log = (text: string) => lines.push(text);
  const start = (listen?: string) => createHost({ home, listen, log, rehearsal });
  const made: TestHost = {
    home,
    lines,
    host: await start("127.0.0.1:0"),
    async restart() {
      await made.host.close();
      made.host = await start();
    },
    async remove() {
      await made.host.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
  return made;
}
