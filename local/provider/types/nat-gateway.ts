import { region, type TypeTable, tags } from "../property-table";

/** A public one in one zone: private and regional ones are not listed. */
export const natGateway: TypeTable = {
  type: "aws:ec2/natGateway:NatGateway",
  inputs: {
    ...region,
    ...tags,
    allocationId: { type: "string", required: true, replaces: true },
    connectivityType: { type: "string", default: "public", replaces: true, only: ["public"] },
    subnetId: { type: "string", required: true, replaces: true },
  },
  outputs: {
    associationId: {},
    autoProvisionZones: {},
    autoScalingIps: {},
    networkInterfaceId: {},
    privateIp: {},
    publicIp: {},
    regionalNatGatewayAddresses: {},
    regionalNatGatewayAutoMode: {},
    routeTableId: {},
    secondaryPrivateIpAddressCount: {},
  },
};
