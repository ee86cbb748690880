import { hostname } from "node:os";
import { CodedError } from "../../runtime/coded-error";
import { EngineFailure } from "../engine/call";
import { cliError } from "../errors";
import type { Room } from "./room";

/** Who holds the engine's own lock of a stack, by what the engine prints. */
export interface EngineLock {
  user: string;
  host: string;
  pid: number;
  since: string;
}

/**
 * "created by root@machine (pid 4711) at 2026-01-02T03:04:05Z", one a lock
 * (pkg/v3.259.0, backend/diy/lock.go, checkForLock).
 */
export function engineLocks(error: unknown): EngineLock[] {
  if (!(error instanceof EngineFailure) || !/currently locked by/.test(error.message)) return [];
  const found = error.message.matchAll(/created by (\S*)@(\S+) \(pid (\d+)\) at (\S+)/g);
  return [...found].map(([, user, host, pid, since]) => ({
    user: user!,
    host: host!,
    pid: Number(pid),
    since: since!,
  }));
}

/** Whether the process that took the lock is still there; on another machine nobody can know. */
export function isHeld({ host, pid }: EngineLock): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** What was seen of an operation beside its exit code. */
export interface Seen {
  /** Thrown by the program, which runs in this process. */
  thrown: unknown[];
  /** Error diagnostics, without colour tags; `urn` of the resource they are about. */
  diagnostics: { message: string; urn?: string }[];
}

/** The provider's own errors arrive as text: "PORT_TAKEN: 127.0.0.1:6264 is taken … (nami host start …)". */
function codedIn(text: string): CodedError | undefined {
  const [, code, message, hint] =
    /\b([A-Z][A-Z]+(?:_[A-Z]+)+): (.+) \(((?:[^()]|\([^()]*\))*)\)\s*$/m.exec(text) ?? [];
  return code ? new CodedError(code, message!, hint!, 1) : undefined;
}

function resourceName(urn: string): string {
  const [type, name] = urn.split("::").slice(-2);
  return `${type!.split("$").pop()!.split(":").pop()} ${name}`;
}

/** What went wrong at a resource, without the engine's frame of "error: 1 error occurred". */
function resourceFault(seen: Seen): CodedError | undefined {
  const faults = seen.diagnostics.filter(({ urn }) => urn && !urn.includes("pulumi:pulumi:Stack::"));
  const [first] = faults;
  if (!first) return undefined;
  const own = faults.map(({ message }) => codedIn(message)).find(Boolean);
  if (own) return own;
  const lines = faults.map(({ urn, message }) => `${resourceName(urn!)}: ${message.trim()}`);
  return cliError("RESOURCE_FAILED", { problems: [...new Set(lines)].join("\n") });
}

const known: readonly [RegExp, Parameters<typeof cliError>[0]][] = [
  [
    /incorrect passphrase|passphrase must be set|unable to find either `PULUMI_CONFIG_PASSPHRASE`/i,
    "PASSPHRASE_WRONG",
  ],
  [/operation error KMS|could not create secrets manager|secrets \(code=/i, "SECRETS_KEY_UNUSABLE"],
  [/read-only file system|permission denied/i, "HOME_READ_ONLY"],
  [
    /unable to open bucket|\.pulumi\/meta\.yaml|unable to check if bucket|could not list bucket|no credentials|NoSuchBucket|AccessDenied.*bucket/i,
    "STATE_UNREACHABLE",
  ],
];

function firstLine(text: string): string {
  const line = text.split("\n").find((each) => /error/i.test(each)) ?? text.split("\n")[0] ?? "";
  return line.replace(/^\s*error:\s*/i, "").trim();
}

/**
 * What the engine, the program or a provider said → an error for people. Coded errors of our own pass unchanged.
 * @param place backend URL and NAMI_HOME, for the texts
 */
export function translate(
  error: unknown,
  room: Room,
  seen: Seen,
  place: { state: string; home: string },
): unknown {
  const coded = seen.thrown.find((each) => each instanceof CodedError);
  if (coded) return coded;
  if (!(error instanceof EngineFailure)) return error;
  const stack = `${room.project}/${room.stack}`;
  const [lock] = engineLocks(error);
  if (lock) return cliError("STACK_LOCKED", { stack, ...lock }, error);
  const fault = resourceFault(seen);
  if (fault) return fault;
  for (const [pattern, code] of known) {
    if (pattern.test(error.message))
      return cliError(
        code,
        { ...place, stack, reason: firstLine(error.message), check: "nami doctor" },
        error,
      );
  }
  if (seen.thrown.length > 0) return seen.thrown[0];
  const said = seen.diagnostics.map(({ message }) => message.trim()).join("\n") || firstLine(error.message);
  return cliError("ENGINE_FAILED", { stack, reason: said }, error);
}
