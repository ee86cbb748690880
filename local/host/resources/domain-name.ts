import type { Inputs, Outputs } from "../../protocol";
import { AwsError } from "../aws-error";
import { gatewayId } from "../ids";
import type { ResourceKind } from "../services";

const TARGET_ID_LENGTH = 10;

/** What the domain's CNAME points to, and a hosted zone that AWS names beside it. */
interface Target {
  targetDomainName: string;
  hostedZoneId: string;
}

function newTarget(region: string): Target {
  const targetDomainName = `d-${gatewayId(TARGET_ID_LENGTH)}.execute-api.${region}.amazonaws.com`;
  return { targetDomainName, hostedZoneId: `Z${gatewayId(13).toUpperCase()}` };
}

function outputs(inputs: Inputs, target: Target): Outputs {
  const { targetDomainName, hostedZoneId } = target;
  return {
    apiMappingSelectionExpression: "$request.basepath",
    arn: `arn:aws:apigateway:${inputs.region}::/domainnames/${inputs.domainName}`,
    domainNameConfiguration: {
      ...(inputs.domainNameConfiguration as object),
      targetDomainName,
      hostedZoneId,
    },
  };
}

/** On this machine a name that requests may come under: TLS, and with it the certificate, is a proxy's business. */
export const domainName: ResourceKind = {
  type: "aws:apigatewayv2/domainName:DomainName",
  async create(services, { inputs }) {
    const id = String(inputs.domainName);
    if (services.find(this.type, id)) {
      const message =
        "The domain name you provided already exists. Choose another one, or take it away from the other API.";
      throw new AwsError("BadRequestException", message, 400);
    }
    return { id, outputs: outputs(inputs, newTarget(String(inputs.region))) };
  },
  async update(_services, record, inputs) {
    return outputs(inputs, record.outputs.domainNameConfiguration as unknown as Target);
  },
  async delete(services, record) {
    const left = services
      .all("aws:apigatewayv2/apiMapping:ApiMapping")
      .find(({ inputs }) => inputs.domainName === record.id);
    if (left) throw new AwsError("BadRequestException", `${record.id} still has ${left.urn}.`, 400);
  },
};
