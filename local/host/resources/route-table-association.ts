import type { Inputs } from "../../protocol";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import { subnetNamed } from "../network/checks";
import { tableNamed } from "../network/route-checks";
import type { RegionNetwork, ResourceKind } from "../services";

function check(network: RegionNetwork, inputs: Inputs): void {
  const table = tableNamed(network, String(inputs.routeTableId));
  const subnet = subnetNamed(network, String(inputs.subnetId));
  if (table.vpcId === subnet.vpcId) return;
  const message = `Route table ${table.id} and subnet ${subnet.id} belong to different networks`;
  throw new AwsError("InvalidParameterValue", message);
}

export const routeTableAssociation: ResourceKind = {
  type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  async create(services, { inputs }) {
    const network = services.network.in(String(inputs.region));
    check(network, inputs);
    const subnetId = String(inputs.subnetId);
    if (network.associations.has(subnetId)) {
      const message = `the specified association for route table ${inputs.routeTableId} conflicts with an existing association`;
      throw new AwsError("Resource.AlreadyAssociated", message);
    }
    return { id: ec2Id("rtbassoc"), outputs: {} };
  },
  async update(services, record, inputs) {
    check(services.network.in(String(inputs.region)), inputs);
    return record.outputs;
  },
};
