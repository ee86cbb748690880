import { type Io, line } from "../io";
import { plain, plainRows } from "./plain";
import { facts, table } from "./table";
import { moment } from "./time-text";

/** A stored event as the operator answers it: relaxed Extended JSON. */
export interface StoredEvent {
  _id: string;
  receivedAt: { $date: string } | string;
  storedAt?: { $date: string } | string;
  contentType?: string;
  raw?: { $binary: { base64: string } };
  request?: {
    method: string;
    path: string;
    query?: unknown;
    headers?: Record<string, string>;
    sourceIp?: string;
  };
  verified?: unknown;
  body?: unknown;
  bodyError?: string;
  attempts?: number;
  duplicates?: number;
  conflict?: boolean;
  /** In a page only, of an event too large for one: it has neither raw nor body. */
  abridged?: { rawBytes: number };
  [field: string]: unknown;
}

const time = (value: { $date: string } | string) => (typeof value === "string" ? value : value.$date);

/** Bytes of the body as it came in. */
export function rawSize(event: StoredEvent): number {
  if (event.abridged) return event.abridged.rawBytes;
  return Buffer.from(event.raw?.$binary.base64 ?? "", "base64").length;
}

function size(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(1)} KiB`;
}

function remarks(event: StoredEvent): string {
  const words = [
    event.conflict && "conflict",
    event.duplicates && `${event.duplicates} duplicate${event.duplicates > 1 ? "s" : ""}`,
    event.bodyError && "body not parsed",
    event.attempts && event.attempts > 1 && `attempt ${event.attempts}`,
  ];
  return words.filter(Boolean).join(", ");
}

/** The list, newest first. */
export function eventTable(io: Io, events: StoredEvent[]): string {
  const rows = events.map((event) => [
    moment(time(event.receivedAt), io.now()),
    plain(event._id),
    plain(event.contentType ?? ""),
    size(rawSize(event)),
    remarks(event),
  ]);
  return table(io, ["RECEIVED", "ID", "TYPE", "SIZE", ""], rows);
}

function verifiedText(verified: unknown): string {
  if (!verified) return "no";
  const { scheme } = verified as { scheme?: string };
  return !scheme || scheme === "none" ? "no" : `by ${scheme}`;
}

const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

const SHOWN = ["_id", "name", "receivedAt", "storedAt", "request", "contentType", "raw", "body", "bodyError"];
const COUNTED = ["verified", "attempts", "duplicates", "conflict"];

/** What user code or a later version has added. */
function others(event: StoredEvent): [string, string][] {
  const names = Object.keys(event).filter((name) => ![...SHOWN, ...COUNTED].includes(name));
  return names.map((name) => [name, text(event[name])]);
}

/** One event, everything of it; the raw bytes as text where they are text. */
export function printEvent(io: Io, event: StoredEvent): void {
  const raw = Buffer.from(event.raw?.$binary.base64 ?? "", "base64");
  const { request } = event;
  const rows: [string, string][] = [
    ["id", event._id],
    ["received", moment(time(event.receivedAt), io.now())],
    ...(event.storedAt ? [["stored", moment(time(event.storedAt), io.now())] as [string, string]] : []),
    ["request", `${request?.method ?? "?"} ${request?.path ?? "?"} from ${request?.sourceIp ?? "?"}`],
    ["query", text(request?.query ?? {})],
    ["type", event.contentType ?? "none given"],
    ["raw", `${raw.length} bytes`],
    ["verified", verifiedText(event.verified)],
    ["attempts", String(event.attempts ?? 1)],
    ["duplicates", String(event.duplicates ?? 0)],
    ...others(event),
    ...(event.conflict
      ? [["conflict", "another event has the same id and other bytes"] as [string, string]]
      : []),
    ...(event.bodyError ? [["body", `not parsed: ${event.bodyError}`] as [string, string]] : []),
  ];
  line(io, facts(io, plainRows(rows)));
  line(io, "\nheaders");
  const headers = Object.entries(request?.headers ?? {});
  if (headers.length > 0)
    line(io, facts(io, plainRows(headers.map(([name, value]) => [`  ${name}`, value]))));
  line(io, event.body === undefined ? "\nraw" : "\nbody");
  line(io, plain(event.body === undefined ? readable(raw) : text(event.body)));
}

/** Text as it is, other bytes as base64. */
function readable(raw: Buffer): string {
  const decoded = raw.toString("utf8");
  return Buffer.from(decoded, "utf8").equals(raw) ? decoded : `base64 ${raw.toString("base64")}`;
}
