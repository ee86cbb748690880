import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import { subnetNamed } from "../network/checks";
import { addressIn } from "../network/interfaces";
import { thing } from "../propagation";
import type { ResourceKind } from "../services";
import { eip, holderOf } from "./eip";

/** The way out for IPv4 from a subnet whose machines and functions have no public address. */
export const natGateway: ResourceKind = {
  type: "aws:ec2/natGateway:NatGateway",
  async create(services, { inputs }) {
    const network = services.network.in(String(inputs.region));
    const subnet = subnetNamed(network, String(inputs.subnetId));
    const allocationId = String(inputs.allocationId);
    const address = services.find(eip.type, allocationId);
    if (!address) {
      const message = `The allocation ID '${allocationId}' does not exist`;
      throw new AwsError("InvalidAllocationID.NotFound", message);
    }
    if (holderOf(services, allocationId)) {
      const message = `Elastic IP address [${allocationId}] is already associated`;
      throw new AwsError("Resource.AlreadyAssociated", message);
    }
    if (![...network.internetGateways.values()].includes(subnet.vpcId)) {
      const message = `Network ${subnet.vpcId} has no Internet gateway attached`;
      throw new AwsError("Gateway.NotAttached", message);
    }
    const id = ec2Id("nat");
    const outputs = {
      associationId: ec2Id("eipassoc"),
      autoProvisionZones: "",
      autoScalingIps: "",
      networkInterfaceId: ec2Id("eni"),
      privateIp: addressIn(network, subnet.id, id),
      publicIp: address.outputs.publicIp,
      regionalNatGatewayAddresses: [],
      regionalNatGatewayAutoMode: "",
      routeTableId: "",
      secondaryPrivateIpAddressCount: 0,
    };
    await services.propagation.begin(thing(this.type, id), "pending");
    return { id, outputs };
  },
  async delete(services, record) {
    await services.lingering.add(record, thing(this.type, record.id), "deleting");
  },
};
