import type { Inputs } from "../../protocol";
import { LOCAL_ACCOUNT } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import { vpcNamed } from "../network/checks";
import { checkRoute } from "../network/route-checks";
import { routeOf } from "../network/view";
import type { RegionNetwork, ResourceKind } from "../services";

function checkRoutes(network: RegionNetwork, id: string, inputs: Inputs): void {
  const vpcId = vpcNamed(network, String(inputs.vpcId)).id;
  const routes = ((inputs.routes ?? []) as Inputs[]).map(routeOf);
  const twice = routes.find(({ cidr }, at) => routes.findIndex((other) => other.cidr === cidr) !== at);
  if (twice) {
    throw new AwsError("RouteAlreadyExists", `The route identified by ${twice.cidr} already exists.`);
  }
  for (const route of routes) checkRoute(network, { id, vpcId }, route);
}

export const routeTable: ResourceKind = {
  type: "aws:ec2/routeTable:RouteTable",
  async create(services, { inputs }) {
    const region = String(inputs.region);
    const id = ec2Id("rtb");
    checkRoutes(services.network.in(region), id, inputs);
    return { id, outputs: { arn: arn("ec2", region, `route-table/${id}`), ownerId: LOCAL_ACCOUNT } };
  },
  async update(services, record, inputs) {
    checkRoutes(services.network.in(String(inputs.region)), record.id, inputs);
    return record.outputs;
  },
};
