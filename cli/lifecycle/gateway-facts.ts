import type { Backend } from "../deployments/backend";
import { type LocalGateway, localGateway } from "./local-gateway";

/** The gateway's own options as deployed, in one spelling. */
export interface GatewayOptions {
  throttleRate?: number;
  throttleBurst?: number;
  throttles?: string;
  domain?: string;
  certificateArn?: string;
  accessLog: string;
}

/** What `nami gateway show --json` prints. */
export interface GatewayFacts extends Partial<LocalGateway> {
  target: string;
  region: string;
  /** Senders post to it, with a name behind it; null before there is a gateway on AWS. */
  url: string | null;
  /** What the CNAME of a domain must point to. */
  domainTarget?: string;
  accessLogGroup?: string;
  /** null: no `up` has made the gateway yet. */
  options: GatewayOptions | null;
}

/** What is known of the gateway of a target and region, without touching it. */
export async function gatherGateway({
  home,
  backend,
  target,
  region,
}: {
  home: string;
  backend: Backend;
  target: string;
  region: string;
}): Promise<GatewayFacts> {
  const outputs = (await backend.stack("nami-gateway", `${target}-${region}`))?.outputs ?? {};
  const text = (key: string) => (typeof outputs[key] === "string" && outputs[key] ? outputs[key] : undefined);
  const local = target === "local" ? await localGateway(home) : undefined;
  return {
    target,
    region,
    url: local?.publicUrl ?? text("url") ?? null,
    ...local,
    domainTarget: text("domainTarget"),
    accessLogGroup: text("accessLogGroup"),
    options: (outputs.options as GatewayOptions | undefined) ?? null,
  };
}
