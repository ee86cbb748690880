import type { ResourceRecord } from "../../protocol";
import type { AwsHandler } from "../aws-call";
import { AwsError } from "../aws-error";
import type { Iam } from "../services";

export interface GatewayListsOptions {
  iam: Iam;
  all(type: string): ResourceRecord[];
}

const LIST = /^\/v2\/(?:apis\/([^/]+)\/(routes|integrations)|domainnames\/([^/]+)\/(apimappings))$/;

const TYPES = {
  routes: "aws:apigatewayv2/route:Route",
  integrations: "aws:apigatewayv2/integration:Integration",
  apimappings: "aws:apigatewayv2/apiMapping:ApiMapping",
} as const;

function item(kind: keyof typeof TYPES, { id, inputs }: ResourceRecord): object {
  if (kind === "apimappings") return { apiMappingId: id, apiId: inputs.apiId, stage: inputs.stage };
  if (kind === "routes") return { routeId: id, routeKey: inputs.routeKey, target: inputs.target };
  return {
    integrationId: id,
    integrationUri: inputs.integrationUri,
    integrationType: inputs.integrationType,
    payloadFormatVersion: inputs.payloadFormatVersion,
  };
}

/** API Gateway's REST API, as far as it lists what bears no tags: GetRoutes, GetIntegrations, GetApiMappings, on one page. */
export function createGatewayLists({ iam, all }: GatewayListsOptions): AwsHandler {
  return async ({ identity, method, url, region }) => {
    const path = url.split("?")[0]!;
    const [found, apiId, ofApi, domainName, ofDomain] = LIST.exec(path) ?? [];
    if (method !== "GET" || !found)
      throw new AwsError("NotFoundException", `Nothing here answers ${method} ${url}.`, 404);
    iam.authorize(identity, "apigateway:GET", `arn:aws:apigateway:${region}::${path.slice("/v2".length)}`);
    const kind = (ofApi ?? ofDomain) as keyof typeof TYPES;
    const items = all(TYPES[kind]).filter(({ inputs }) =>
      apiId ? inputs.apiId === apiId : inputs.domainName === decodeURIComponent(domainName!),
    );
    return {
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ items: items.map((record) => item(kind, record)) }),
    };
  };
}
