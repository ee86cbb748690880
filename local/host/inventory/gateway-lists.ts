import type { ResourceRecord } from "../../protocol";
import type { AwsHandler } from "../aws-call";
import { AwsError } from "../aws-error";
import type { Iam } from "../services";

export interface GatewayListsOptions {
  iam: Iam;
  all(type: string): ResourceRecord[];
}

const LIST = /^\/v2\/apis\/([^/]+)\/(routes|integrations)$/;

const TYPES = {
  routes: "aws:apigatewayv2/route:Route",
  integrations: "aws:apigatewayv2/integration:Integration",
} as const;

function item(kind: keyof typeof TYPES, { id, inputs }: ResourceRecord): object {
  if (kind === "routes") return { routeId: id, routeKey: inputs.routeKey, target: inputs.target };
  return {
    integrationId: id,
    integrationUri: inputs.integrationUri,
    integrationType: inputs.integrationType,
    payloadFormatVersion: inputs.payloadFormatVersion,
  };
}

/** API Gateway's REST API, as far as it lists what bears no tags: GetRoutes and GetIntegrations, on one page. */
export function createGatewayLists({ iam, all }: GatewayListsOptions): AwsHandler {
  return async ({ identity, method, url, region }) => {
    const [, apiId, kind] = LIST.exec(url.split("?")[0]!) ?? [];
    if (method !== "GET" || !apiId)
      throw new AwsError("NotFoundException", `Nothing here answers ${method} ${url}.`, 404);
    iam.authorize(identity, "apigateway:GET", `arn:aws:apigateway:${region}::/apis/${apiId}/${kind}`);
    const of = kind as keyof typeof TYPES;
    const items = all(TYPES[of]).filter(({ inputs }) => inputs.apiId === apiId);
    return {
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ items: items.map((record) => item(of, record)) }),
    };
  };
}
