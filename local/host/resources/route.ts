import type { Inputs, ResourceRecord } from "../../protocol";
import { AwsError } from "../aws-error";
import { gatewayId } from "../ids";
import { thing } from "../propagation";
import type { ResourceKind, RouteSpec, Services } from "../services";
import { functionName } from "./arns";

const TYPE = "aws:apigatewayv2/route:Route";
const ROUTE_ID_LENGTH = 7;

/** "integrations/abc" → "abc" */
function integrationId(inputs: Inputs): string {
  return String(inputs.target).slice("integrations/".length);
}

function spec(inputs: Inputs, routeId: string, integration: Inputs): RouteSpec {
  return {
    routeId,
    apiId: String(inputs.apiId),
    routeKey: String(inputs.routeKey),
    functionName: functionName(String(integration.integrationUri)),
    timeoutMs: Number(integration.timeoutMilliseconds),
  };
}

function checked(services: Services, inputs: Inputs, routeId: string): RouteSpec {
  const id = integrationId(inputs);
  const integration = services.find("aws:apigatewayv2/integration:Integration", id);
  if (integration?.inputs.apiId !== inputs.apiId) {
    throw new AwsError(
      "NotFoundException",
      `Unable to find Integration by ID ${id} within the API provided`,
      404,
    );
  }
  return spec(inputs, routeId, integration!.inputs);
}

/** With autoDeploy a change answers once it is deployed; until then the gateway does as before. */
function deploy(services: Services, routeSpec: RouteSpec): Promise<void> {
  return services.propagation.begin(thing(TYPE, routeSpec.routeId), "deploying", () =>
    services.gateway.putRoute(routeSpec),
  );
}

function refuseSecond(services: Services, inputs: Inputs, routeId?: string): void {
  const twin = services
    .all(TYPE)
    .find(
      ({ id, inputs: other }) =>
        id !== routeId && other.apiId === inputs.apiId && other.routeKey === inputs.routeKey,
    );
  if (!twin) return;
  throw new AwsError(
    "ConflictException",
    `Route with key ${inputs.routeKey} already exists for this API`,
    409,
  );
}

/** Routes that end in the integration. */
export function routesTo(services: Services, integration: ResourceRecord): ResourceRecord[] {
  return services
    .all(TYPE)
    .filter(
      ({ inputs }) => inputs.apiId === integration.inputs.apiId && integrationId(inputs) === integration.id,
    );
}

/** Sends a route to what its integration says now. */
export function reroute(services: Services, route: ResourceRecord, integration: Inputs): Promise<void> {
  return deploy(services, spec(route.inputs, route.id, integration));
}

export const route: ResourceKind = {
  type: TYPE,
  async create(services, { inputs }) {
    refuseSecond(services, inputs);
    const routeId = gatewayId(ROUTE_ID_LENGTH);
    await deploy(services, checked(services, inputs, routeId));
    return { id: routeId, outputs: {} };
  },
  async restore(services, record) {
    services.gateway.putRoute(checked(services, record.inputs, record.id));
  },
  async update(services, record, inputs) {
    refuseSecond(services, inputs, record.id);
    await deploy(services, checked(services, inputs, record.id));
    return record.outputs;
  },
  async delete(services, record) {
    services.propagation.forget(thing(TYPE, record.id));
    services.gateway.removeRoute(String(record.inputs.apiId), record.id);
  },
};
