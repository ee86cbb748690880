import { type Throttle, throttleOf, throttlesByName } from "../../infra/throttles";
import type { GatewayFacts, GatewayOptions } from "../lifecycle/gateway-facts";

function limits({ throttlingRateLimit: rate, throttlingBurstLimit: burst }: Throttle): string {
  return `${rate} requests a second, ${burst} at one moment`;
}

function throttleText({ throttleRate, throttleBurst }: GatewayOptions): string {
  if (throttleRate === undefined) return "the account's own, for all names together";
  return `${limits(throttleOf(throttleRate, throttleBurst))}, for each name`;
}

function singleThrottles({ throttles }: GatewayOptions): [string, string][] {
  return [...throttlesByName(throttles)].map(([name, throttle]) => ["", `${name}: ${limits(throttle)}`]);
}

function deployedLines({ options, domainTarget, accessLogGroup = "" }: GatewayFacts): [string, string][] {
  if (!options) return [["deployed", "not yet: the first `nami up` makes it"]];
  const domain: [string, string][] = options.domain
    ? [["domain", `${options.domain}, by a CNAME to ${domainTarget ?? "a name that AWS has not told yet"}`]]
    : [];
  const log =
    options.accessLog === "off"
      ? "off"
      : `${accessLogGroup}, kept for ${options.accessLog.replace("d", " days")}`;
  return [...domain, ["throttle", throttleText(options)], ...singleThrottles(options), ["access log", log]];
}

/** The rows of `nami gateway show`. */
export function gatewayLines(found: GatewayFacts): [string, string][] {
  const { target, region, url, listen, running, publicUrl } = found;
  const place: [string, string][] =
    listen === undefined
      ? [
          ["target", `${target}, ${region}`],
          ["URL", url ?? "none yet"],
        ]
      : [
          ["target", target],
          ["listens on", `${listen}${running ? "" : " (when the host runs; it does not now)"}`],
          ["public URL", publicUrl!],
        ];
  return [...place, ...deployedLines(found)];
}
