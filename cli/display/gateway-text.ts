import type { GatewayFacts, GatewayOptions } from "../lifecycle/gateway-facts";

function limits(rate: number, burst: number): string {
  return `${rate} requests a second, ${burst} at one moment`;
}

function throttleText({ throttleRate, throttleBurst }: GatewayOptions): string {
  return `${limits(throttleRate, throttleBurst)}, for each name`;
}

/** As they are given: "orders=200/400,invoices=50". */
function singleThrottles(options: GatewayOptions): [string, string][] {
  const entries = (options.throttles ?? "").split(",").filter(Boolean);
  return entries.map((entry) => {
    const [name, numbers = ""] = entry.split("=") as [string, string];
    const [rate, burst = rate] = numbers.split("/") as [string, string?];
    return ["", `${name}: ${limits(Number(rate), Number(burst))}`];
  });
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
