import type { IncomingRequest } from "../event";

/** A name or an address, and perhaps a port: what else a sender writes there would become part of what is signed. */
const HOST = /^(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$/;

/**
 * The URL that the provider signed: what it was told (`--verify-url`), else as the request itself names its host. The
 * query is always the request's own: some providers add to it.
 */
export function requestUrl(request: IncomingRequest, told: string | undefined): string {
  const query = request.rawQuery ? `?${request.rawQuery}` : "";
  if (told !== undefined) return told.replace(/\?.*$/s, "") + query;
  const { host = "", "x-forwarded-proto": proto = "https" } = request.headers;
  // A chain of proxies: the first is what the sender spoke.
  const scheme = proto.split(",")[0]!.trim();
  if (!HOST.test(host) || !/^https?$/.test(scheme)) return "";
  return `${scheme}://${host}${request.path}${query}`;
}
