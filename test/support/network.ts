import type { Outputs, ResourceRecord } from "../../local/protocol";
import type { Values } from "../../local/provider/values";
import { resources } from "./host";

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
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  route: "aws:ec2/route:Route",
  subnet: "aws:ec2/subnet:Subnet",
  table: "aws:ec2/routeTable:RouteTable",
  vpc: "aws:ec2/vpc:Vpc",
} as const;

export interface Made {
  id: string;
  outputs: Outputs;
}

/** Makes resources on a running host as somebody does whom nobody else knows, and remembers them. */
export class Account {
  private readonly resources: ReturnType<typeof resources>;
  private made: { type: string; name: string; id: string }[] = [];

  constructor(home: string) {
    this.resources = resources({ home });
  }

  async create(type: string, name: string, inputs: Values = {}): Promise<Made> {
    const made = await this.resources.create(type, name, inputs);
    this.made.unshift({ type, name, id: made.id });
    return made;
  }

  update(type: string, name: string, id: string, inputs: Values): Promise<{ outputs: Outputs }> {
    return this.resources.update(type, name, id, inputs);
  }

  async remove(type: string, name: string, id: string): Promise<void> {
    await this.resources.remove(type, name, id);
    this.made = this.made.filter((one) => one.type !== type || one.id !== id);
  }

  read(type: string, id: string): Promise<ResourceRecord> {
    return this.resources.read(type, id);
  }

  /** Newest first, as an engine destroys a stack. */
  async removeAll(): Promise<void> {
    for (const { type, name, id } of [...this.made]) await this.remove(type, name, id);
  }
}

/** A role of a function with one policy, in this order. */
export async function functionRole(account: Account, name: string, statements: Values[]): Promise<string> {
  const document = (all: Values[]) => JSON.stringify({ Version: "2012-10-17", Statement: all });
  const assume = {
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Principal: { Service: "lambda.amazonaws.com" },
  };
  const { id, outputs } = await account.create(types.role, name, {
    name,
    assumeRolePolicy: document([assume]),
  });
  await account.create(types.rolePolicy, name, { name, role: id, policy: document(statements) });
  return String(outputs.arn);
}

/** A VPC with a public and a private subnet in one zone, and a NAT gateway between them. */
export interface FullVpc {
  vpcId: string;
  publicSubnetId: string;
  privateSubnetId: string;
  privateTableId: string;
  internetGatewayId: string;
  natGatewayId: string;
}

/**
 * Such a VPC, made by somebody else: what `--vpc vpc-…` finds. Of the private subnet's way out, `nat: false` leaves the
 * route away.
 */
export async function someonesVpc(
  account: Account,
  { zone = "us-east-1a", nat = true } = {},
): Promise<FullVpc> {
  const make = async (type: string, name: string, inputs: Values = {}) =>
    (await account.create(type, name, inputs)).id;
  const vpcId = await make(types.vpc, "vpc", { cidrBlock: "10.20.0.0/16" });
  const internetGatewayId = await make(types.internetGateway, "gateway", { vpcId });
  const subnet = async (name: string, cidrBlock: string, target: Values | undefined) => {
    const mapPublicIpOnLaunch = name === "public";
    const id = await make(types.subnet, name, {
      vpcId,
      cidrBlock,
      availabilityZone: zone,
      mapPublicIpOnLaunch,
    });
    const routeTableId = await make(types.table, name, { vpcId });
    await make(types.association, name, { routeTableId, subnetId: id });
    if (target) await make(types.route, name, { routeTableId, destinationCidrBlock: "0.0.0.0/0", ...target });
    return { id, routeTableId };
  };
  const open = await subnet("public", "10.20.0.0/24", { gatewayId: internetGatewayId });
  const allocationId = await make(types.eip, "nat");
  const natGatewayId = await make(types.natGateway, "nat", { subnetId: open.id, allocationId });
  const closed = await subnet("private", "10.20.1.0/24", nat ? { natGatewayId } : undefined);
  return {
    vpcId,
    publicSubnetId: open.id,
    privateSubnetId: closed.id,
    privateTableId: closed.routeTableId,
    internetGatewayId,
    natGatewayId,
  };
}
