import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { Seen } from "./errors";

/** Operations that change nothing: `same`, and the reads of a preview. */
const QUIET = new Set(["same", "read", "refresh", "read-discard"]);

/** Whether this event tells of something that is being changed. */
export function isChange({ resourcePreEvent: event }: EngineEvent): boolean {
  return (
    event !== undefined && !QUIET.has(event.metadata.op) && event.metadata.type !== "pulumi:pulumi:Stack"
  );
}

/** A message without the engine's colour tags. */
export function plain(text: string): string {
  return text.replace(/<\{%.*?%\}>/g, "");
}

/** Keeps what an event says of trouble. */
export function see({ diagnosticEvent: diagnostic }: EngineEvent, seen: Seen): void {
  if (!diagnostic) return;
  const message = plain(diagnostic.message);
  if (diagnostic.severity === "error") seen.diagnostics.push({ message, urn: diagnostic.urn });
  if (diagnostic.severity === "warning" && message.includes("error downloading")) seen.warnings.push(message);
}
