import type { Inputs } from "../../protocol";
import { AwsError } from "../aws-error";
import { gatewayId } from "../ids";
import type { ResourceKind, Services } from "../services";

const MAPPING_ID_LENGTH = 6;

function put(services: Services, inputs: Inputs): void {
  services.gateway.putDomain(String(inputs.domainName), String(inputs.apiId));
}

function refuseDangling(services: Services, inputs: Inputs): void {
  if (!services.find("aws:apigatewayv2/domainName:DomainName", String(inputs.domainName)))
    throw new AwsError("NotFoundException", "Invalid domain name identifier specified", 404);
  if (!services.find("aws:apigatewayv2/stage:Stage", `${inputs.apiId}/${inputs.stage}`))
    throw new AwsError("BadRequestException", `Invalid stage identifier specified ${inputs.stage}`, 400);
}

/** Which API the requests under a domain go to. */
export const apiMapping: ResourceKind = {
  type: "aws:apigatewayv2/apiMapping:ApiMapping",
  async create(services, { inputs }) {
    refuseDangling(services, inputs);
    const twin = services.all(this.type).find((other) => other.inputs.domainName === inputs.domainName);
    if (twin) throw new AwsError("ConflictException", "ApiMapping key already exists for this domain", 409);
    put(services, inputs);
    return { id: gatewayId(MAPPING_ID_LENGTH), outputs: {} };
  },
  async restore(services, record) {
    put(services, record.inputs);
  },
  async update(services, record, inputs) {
    refuseDangling(services, inputs);
    put(services, inputs);
    return record.outputs;
  },
  async delete(services, record) {
    services.gateway.removeDomain(String(record.inputs.domainName));
  },
};
