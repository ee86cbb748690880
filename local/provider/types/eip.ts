import { region, type TypeTable, tags } from "../property-table";

/** A public address. Instances get none: nothing on this machine is reached from outside by another one's address. */
export const eip: TypeTable = {
  type: "aws:ec2/eip:Eip",
  inputs: {
    ...region,
    ...tags,
    domain: { type: "string", default: "vpc", replaces: true, only: ["vpc"] },
  },
  outputs: {
    allocationId: {},
    arn: {},
    associationId: {},
    carrierIp: {},
    customerOwnedIp: {},
    networkInterface: {},
    instance: {},
    privateDns: {},
    privateIp: {},
    ptrRecord: {},
    publicDns: {},
    publicIp: {},
    publicIpv4Pool: {},
  },
};
