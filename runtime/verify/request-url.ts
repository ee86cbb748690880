import type { IncomingRequest } from "../event";

/**
 * The URL that the provider signed: what it was told (`--verify-url`), else as the request itself names its host.
 * A query stands in the request alone.
 */
export function requestUrl(request: IncomingRequest, told: string | undefined): string {
  const query = request.rawQuery ? `?${request.rawQuery}` : "";
  if (told !== undefined) return told.includes("?") ? told : told + query;
  const { host = "", "x-forwarded-proto": proto = "https" } = request.headers;
  // A chain of proxies: the first is what the sender spoke.
  return `${proto.split(",")[0]!.trim()}://${host}${request.path}${query}`;
}
