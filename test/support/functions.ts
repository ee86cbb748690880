import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock, FunctionSpec, Iam, Logs } from "../../local/host/services";
import { scratchFolder } from "./scratch";

export const realClock: Clock = { now: () => Date.now() };

/** A clock that a test moves by hand. Milliseconds. */
export class MovableClock implements Clock {
  constructor(public time = Date.UTC(2026, 0, 31)) {}
  now(): number {
    return this.time;
  }
}

/** Keeps what was logged, in order. */
export class MemoryLogs implements Logs {
  readonly lines: { group: string; stream: string; text: string }[] = [];
  putGroup(): void {}
  removeGroup(): void {}
  write(group: string, stream: string, text: string): void {
    this.lines.push({ group, stream, text });
  }
  tail(group: string, lines: number): string[] {
    return this.lines
      .filter((line) => line.group === group)
      .map(({ text }) => text)
      .slice(-lines);
  }
}

/** Gives every role the same keys. */
export function anyRole(): Iam {
  const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret", sessionToken: "token" };
  const roleIdentity = (role: string) => ({ arn: `arn:aws:iam::000000000000:role/${role}` });
  return { revision: 0, credentialsFor: () => credentials, roleIdentity, authorize() {} } as unknown as Iam;
}

/** A folder with an unpacked "zip" of one file; removed when this process ends. */
export function codeDir(code: string, file = "index.js"): string {
  const dir = scratchFolder("nami-code-");
  writeFileSync(join(dir, file), code);
  return dir;
}

export function functionSpec(changes: Partial<FunctionSpec>): FunctionSpec {
  return {
    name: "orders",
    arn: "arn:aws:lambda:us-east-1:000000000000:function:orders",
    region: "us-east-1",
    handler: "index.handler",
    timeout: 3,
    memorySize: 256,
    environment: {},
    roleName: "orders-role",
    codeDir: "/nowhere",
    logGroup: "/aws/lambda/orders",
    ...changes,
  };
}
