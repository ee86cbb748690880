import { randomInt } from "node:crypto";
import type { ResourceRecord } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import type { ResourceKind, Services } from "../services";

/** Of a region: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const QUOTA = 5;
const NAT = "aws:ec2/natGateway:NatGateway";

/** The NAT gateway that has it. */
export function holderOf(services: Services, allocationId: string): ResourceRecord | undefined {
  return services.all(NAT).find(({ inputs }) => inputs.allocationId === allocationId);
}

/** A public address; of the range for examples, for nothing outside reaches this machine by it. */
export const eip: ResourceKind = {
  type: "aws:ec2/eip:Eip",
  async create(services, { inputs }) {
    const region = String(inputs.region);
    const held = services.all(this.type).filter((record) => record.inputs.region === region);
    if (held.length >= QUOTA) {
      throw new AwsError("AddressLimitExceeded", "The maximum number of addresses has been reached.");
    }
    const id = ec2Id("eipalloc");
    const publicIp = `203.0.113.${randomInt(1, 255)}`;
    const outputs = {
      allocationId: id,
      arn: arn("ec2", region, `elastic-ip/${id}`),
      publicDns: `ec2-${publicIp.replaceAll(".", "-")}.compute.amazonaws.com`,
      publicIp,
      publicIpv4Pool: "amazon",
      ...unassociated,
    };
    return { id, outputs };
  },
  async read(services, { id, outputs }) {
    const holder = holderOf(services, id);
    if (!holder) return { ...outputs, ...unassociated };
    const { associationId, networkInterfaceId: networkInterface, privateIp } = holder.outputs;
    return { ...outputs, associationId, networkInterface, privateIp };
  },
  async delete(services, { id }) {
    const holder = holderOf(services, id);
    if (!holder) return;
    throw new AwsError("InvalidIPAddress.InUse", `The address ${id} is in use by ${holder.id}.`);
  },
};

const unassociated = {
  associationId: "",
  carrierIp: "",
  customerOwnedIp: "",
  instance: "",
  networkInterface: "",
  privateDns: "",
  privateIp: "",
  ptrRecord: "",
};
