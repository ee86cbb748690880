/** AWS's words for a runtime that is gone. */
export function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal)
    return `Runtime exited with error: signal: ${signal === "SIGKILL" ? "killed" : signalName(signal)}`;
  return code
    ? `Runtime exited with error: exit status ${code}`
    : "Runtime exited without providing a reason";
}

function signalName(signal: string): string {
  const names: Record<string, string> = {
    SIGABRT: "aborted",
    SIGSEGV: "segmentation fault",
    SIGTERM: "terminated",
  };
  return names[signal] ?? signal.toLowerCase();
}
