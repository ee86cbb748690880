import type { Outputs } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { gatewayId } from "../ids";
import type { ResourceKind, Services } from "../services";

const API_ID_LENGTH = 10;

function outputs(services: Services, apiId: string, region: string): Outputs {
  return {
    apiEndpoint: services.publicUrl,
    arn: `arn:aws:apigateway:${region}::/apis/${apiId}`,
    executionArn: arn("execute-api", region, apiId),
  };
}

/** Has the gateway's address as its endpoint: senders know no other. */
export const api: ResourceKind = {
  type: "aws:apigatewayv2/api:Api",
  async create(services, { inputs }) {
    const apiId = gatewayId(API_ID_LENGTH);
    const region = String(inputs.region);
    services.gateway.putApi({ apiId, region });
    return { id: apiId, outputs: outputs(services, apiId, region) };
  },
  async restore(services, record) {
    services.gateway.putApi({ apiId: record.id, region: String(record.inputs.region) });
  },
  async update(services, record, inputs) {
    return outputs(services, record.id, String(inputs.region));
  },
  async delete(services, record) {
    const types = ["aws:apigatewayv2/route:Route", "aws:apigatewayv2/stage:Stage"];
    const left = types
      .flatMap((type) => services.all(type))
      .find((other) => other.inputs.apiId === record.id);
    if (left) throw new AwsError("ConflictException", `API ${record.id} still has ${left.urn}.`, 409);
    services.gateway.removeApi(record.id);
  },
  async read(services, record) {
    return outputs(services, record.id, String(record.inputs.region));
  },
};
