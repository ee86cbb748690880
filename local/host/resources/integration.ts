import { AwsError } from "../aws-error";
import { gatewayId } from "../ids";
import type { ResourceKind } from "../services";
import { reroute, routesTo } from "./route";

const INTEGRATION_ID_LENGTH = 7;

/** Where routes end; the gateway learns of it through the routes. */
export const integration: ResourceKind = {
  type: "aws:apigatewayv2/integration:Integration",
  async create(services, { inputs }) {
    if (!services.find("aws:apigatewayv2/api:Api", String(inputs.apiId))) {
      throw new AwsError("NotFoundException", `Invalid API identifier specified ${inputs.apiId}`, 404);
    }
    return { id: gatewayId(INTEGRATION_ID_LENGTH), outputs: { integrationResponseSelectionExpression: "" } };
  },
  async update(services, record, inputs) {
    for (const route of routesTo(services, record)) await reroute(services, route, inputs);
    return record.outputs;
  },
  async delete(services, record) {
    const [route] = routesTo(services, record);
    if (!route) return;
    const message = `Cannot delete Integration '${record.id}' due to it being referenced by Route '${route.id}'`;
    throw new AwsError("ConflictException", message, 409);
  },
};
