import { constants } from "node:os";

/**
 * AWS's words for a runtime that is gone.
 * @param wrapped by a program that ends as a shell does: 128 and the number of the signal that ended the runtime
 */
export function exitReason(code: number | null, endedBy: NodeJS.Signals | null, wrapped = false): string {
  const signal = endedBy ?? (wrapped && code !== null ? signalOf(code - 128) : undefined);
  if (signal)
    return `Runtime exited with error: signal: ${signal === "SIGKILL" ? "killed" : signalName(signal)}`;
  return code
    ? `Runtime exited with error: exit status ${code}`
    : "Runtime exited without providing a reason";
}

function signalOf(number: number): NodeJS.Signals | undefined {
  const [name] = Object.entries(constants.signals).find(([, known]) => known === number) ?? [];
  return name as NodeJS.Signals | undefined;
}

function signalName(signal: string): string {
  const names: Record<string, string> = {
    SIGABRT: "aborted",
    SIGSEGV: "segmentation fault",
    SIGTERM: "terminated",
  };
  return names[signal] ?? signal.toLowerCase();
}
