import type { ResourceRecord } from "../../protocol";

/** The resource types a network is made of. */
export const types = {
  association: "aws:ec2/routeTableAssociation:RouteTableAssociation",
  egressOnlyGateway: "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway",
  egressRule: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  eip: "aws:ec2/eip:Eip",
  function: "aws:lambda/function:Function",
  group: "aws:ec2/securityGroup:SecurityGroup",
  ingressRule: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  instance: "aws:ec2/instance:Instance",
  internetGateway: "aws:ec2/internetGateway:InternetGateway",
  natGateway: "aws:ec2/natGateway:NatGateway",
  route: "aws:ec2/route:Route",
  subnet: "aws:ec2/subnet:Subnet",
  table: "aws:ec2/routeTable:RouteTable",
  vpc: "aws:ec2/vpc:Vpc",
} as const;

export type RecordsOf = (type: string) => ResourceRecord[];

const parts: ReadonlySet<string> = new Set(Object.values(types));

export function isPartOfNetwork(type: string): boolean {
  return parts.has(type);
}
