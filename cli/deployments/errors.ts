import { hostname } from "node:os";
import { CodedError } from "../../runtime/coded-error";
import { EngineFailure } from "../engine/call";
import { cliError } from "../errors";
import { recognised } from "./aws-faults";
import { plainText } from "./provider-text";
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
  /** Of a download that failed: why. */
  warnings: string[];
}

/** The provider's own errors arrive as text: "PORT_TAKEN: 127.0.0.1:6264 is taken … (nami host start …)". */
function codedIn(text: string): CodedError | undefined {
  const [, code, message, hint] =
    /\b([A-Z][A-Z]+(?:_[A-Z]+)+): (.+) \(((?:[^()]|\([^()]*\))*)\)\s*$/m.exec(text) ?? [];
  return code ? new CodedError(code, message!, hint!, 1) : undefined;
}

/** "Queue orders-queue: "; nothing for a provider, which a person knows nothing of. */
function where(urn: string): string {
  const [type, name] = urn.split("::").slice(-2);
  const [own] = type!.split("$").slice(-1);
  return own!.startsWith("pulumi:providers:") ? "" : `${own!.split(":").pop()} ${name}: `;
}

/** What went wrong at resources: of what is known, its meaning; of the rest, the text itself. One code, of the first known. */
function resourceFault(seen: Seen, place: Place): CodedError | undefined {
  const faults = seen.diagnostics.filter(({ urn }) => urn && !urn.includes("pulumi:pulumi:Stack::"));
  if (faults.length === 0) return undefined;
  const own = faults.map(({ message }) => codedIn(message)).find(Boolean);
  if (own) return own;
  const cause = seen.warnings.slice(0, 1).join();
  const meant = faults.map(({ message }) => recognised(`${message}\n${cause}`, fieldsOf(place)));
  const lines = faults.map(({ urn, message }, i) => where(urn!) + (meant[i]?.message ?? plainText(message)));
  const problems = [...new Set(lines)].join("\n");
  const known = meant.find(Boolean);
  if (!known) return cliError("RESOURCE_FAILED", { problems });
  return new CodedError(known.code, problems, known.hint, known.exitCode);
}

/** A lookup that a provider refused surfaces in the program, which is not to blame for it. */
const LOOKUP = /invocation of \S+ returned an error: /i;

function lookupFault({ thrown }: Seen, stack: string, place: Place): CodedError | undefined {
  const refused = thrown.find((each): each is Error => each instanceof Error && LOOKUP.test(each.message));
  if (!refused) return undefined;
  const known = recognised(refused.message, fieldsOf(place));
  return known ?? cliError("ENGINE_FAILED", { stack, reason: plainText(refused.message) }, refused);
}

const ownTexts: readonly [RegExp, Parameters<typeof cliError>[0]][] = [
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

/** Backend URL, NAMI_HOME and the engine, for the texts. */
export interface Place {
  state: string;
  home: string;
  engine?: { binary: string };
}

function fieldsOf({ home, engine }: Place): Record<string, string> {
  return { home, engine: engine?.binary ?? "pulumi" };
}

/** What the engine, the program or a provider said → an error for people. Coded errors of our own pass unchanged. */
export function translate(error: unknown, room: Room, seen: Seen, place: Place): unknown {
  const coded = seen.thrown.find((each) => each instanceof CodedError);
  if (coded) return coded;
  if (!(error instanceof EngineFailure)) return error;
  const stack = `${room.project}/${room.stack}`;
  const { state, home } = place;
  const { signal } = error.result;
  if (signal) return cliError("ENGINE_ENDED", { stack, signal }, error);
  const [lock] = engineLocks(error);
  if (lock) return cliError("STACK_LOCKED", { stack, ...lock }, error);
  const fault = resourceFault(seen, place) ?? lookupFault(seen, stack, place);
  if (fault) return fault;
  for (const [pattern, code] of ownTexts) {
    if (pattern.test(error.message))
      return cliError(
        code,
        { state, home, stack, reason: firstLine(error.message), check: "nami doctor" },
        error,
      );
  }
  if (seen.thrown.length > 0) return seen.thrown[0];
  const known = recognised(error.message, fieldsOf(place));
  if (known) return known;
  const said = seen.diagnostics.map(({ message }) => message.trim()).join("\n") || firstLine(error.message);
  return cliError("ENGINE_FAILED", { stack, reason: said }, error);
}
