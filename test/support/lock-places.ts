import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { LeaseTimes } from "../../cli/deployments/lease-holder";
import { root } from "./nami";
import { withTypeScript } from "./register";

/** Where a lock lies, and which; what test/support/lock-holder.ts is told. */
export interface LockPlace {
  /** A lock in NAMI_HOME, or one in a state: a folder or S3. */
  kind: "home" | "folder" | "s3";
  /** Folder or URL. */
  place: string;
  name: string;
  command: string;
  times?: LeaseTimes;
}

export interface OtherProcess {
  child: ChildProcess;
  /** "held", or the code of the error. */
  said: string;
  kill(): Promise<void>;
}

/** Another process that tries for the lock and holds what it gets. */
export function otherProcess(place: LockPlace): Promise<OtherProcess> {
  const child = spawn(
    process.execPath,
    [...withTypeScript, ...[join(root, "test", "support", "lock-holder.ts"), JSON.stringify(place)]],
    { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = new Promise<void>((done) => child.once("exit", () => done()));
  const kill = () => {
    child.kill("SIGKILL");
    return ended;
  };
  return new Promise((done) =>
    child.stdout!.once("data", (text) => done({ child, said: String(text).trim(), kill })),
  );
}
