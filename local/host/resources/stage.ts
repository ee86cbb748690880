import type { Inputs, Outputs } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { gatewayId } from "../ids";
import { thing } from "../propagation";
import type { ResourceKind, Services, StageSpec } from "../services";
import { lastPart } from "./arns";

const TYPE = "aws:apigatewayv2/stage:Stage";
const DEPLOYMENT_ID_LENGTH = 6;

interface Settings {
  routeKey?: string;
  throttlingRateLimit?: number;
  throttlingBurstLimit?: number;
}

/** Both limits are needed for one to hold; AWS's account defaults (10,000/s, 5,000) stand for the other. */
function throttle(settings: Settings | undefined): StageSpec["throttle"] {
  if (settings?.throttlingRateLimit === undefined && settings?.throttlingBurstLimit === undefined)
    return undefined;
  return {
    rateLimit: settings.throttlingRateLimit ?? 10_000,
    burstLimit: settings.throttlingBurstLimit ?? 5_000,
  };
}

function refuseUnknownRoute(services: Services, apiId: unknown, routeKey: string): void {
  const routes = services.all("aws:apigatewayv2/route:Route");
  if (routes.some(({ inputs }) => inputs.apiId === apiId && inputs.routeKey === routeKey)) return;
  const message = `Unable to find Route by key ${routeKey} within the provided RouteSettings`;
  throw new AwsError("NotFoundException", message, 404);
}

function put(services: Services, inputs: Inputs, checksRoutes = true): void {
  const perRoute = ((inputs.routeSettings as Settings[] | undefined) ?? []).flatMap((settings) => {
    if (checksRoutes) refuseUnknownRoute(services, inputs.apiId, settings.routeKey!);
    const limits = throttle(settings);
    return limits ? [[settings.routeKey!, limits] as const] : [];
  });
  const access = inputs.accessLogSettings as { destinationArn: string; format: string } | undefined;
  services.gateway.putStage({
    apiId: String(inputs.apiId),
    name: String(inputs.name),
    throttle: throttle(inputs.defaultRouteSettings as Settings | undefined),
    routeThrottles: Object.fromEntries(perRoute),
    ...(access ? { accessLog: { group: lastPart(access.destinationArn), format: access.format } } : {}),
  });
}

function outputs(services: Services, inputs: Inputs): Outputs {
  const region = String(inputs.region);
  return {
    arn: `arn:aws:apigateway:${region}::/apis/${inputs.apiId}/stages/${inputs.name}`,
    executionArn: arn("execute-api", region, `${inputs.apiId}/${inputs.name}`),
    invokeUrl: `${services.publicUrl}/`,
    deploymentId: gatewayId(DEPLOYMENT_ID_LENGTH),
  };
}

function deploy(services: Services, inputs: Inputs): Promise<void> {
  const id = `${inputs.apiId}/${inputs.name}`;
  return services.propagation.begin(thing(TYPE, id), "deploying", () => put(services, inputs));
}

/** Its id is `api/stage`: a stage's name is unique within its API only. */
export const stage: ResourceKind = {
  type: TYPE,
  async create(services, { inputs }) {
    const id = `${inputs.apiId}/${inputs.name}`;
    if (!services.find("aws:apigatewayv2/api:Api", String(inputs.apiId))) {
      throw new AwsError("NotFoundException", `Invalid API identifier specified ${inputs.apiId}`, 404);
    }
    if (services.find(this.type, id)) throw new AwsError("ConflictException", "Stage already exists", 409);
    await deploy(services, inputs);
    return { id, outputs: outputs(services, inputs) };
  },
  async restore(services, record) {
    // Routes come back after their stage.
    put(services, record.inputs, false);
  },
  async update(services, _record, inputs) {
    await deploy(services, inputs);
    return outputs(services, inputs);
  },
  async delete(services, record) {
    services.propagation.forget(thing(TYPE, record.id));
    services.gateway.removeStage(String(record.inputs.apiId), String(record.inputs.name));
  },
  async read(services, record) {
    return { ...record.outputs, invokeUrl: `${services.publicUrl}/` };
  },
};
