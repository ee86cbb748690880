import { reveal, secret } from "../secrets";
import { UNKNOWN, type Values } from "../values";
import type { Part, Registered } from "./monitor";
import { inOrder, ipv6SubnetBlock, layOut, type PlannedSubnet, type SubnetType } from "./subnet-layout";
import { readVpcArgs, type VpcArgs } from "./vpc-args";
import { type Constructed, type MadeVpc, vpcOutputs } from "./vpc-outputs";

/** Of the monitor, what a component needs here. */
interface Engine {
  part(part: Part): Promise<Registered>;
}

/** awsx refuses these too: a NAT gateway needs a subnet to stand in, and one that needs it. */
function checkNat({ natStrategy, allocationIds, zones }: VpcArgs, planned: PlannedSubnet[]): void {
  const has = (...types: SubnetType[]) => planned.some(({ spec }) => types.includes(spec.type));
  if (natStrategy !== "None" && !(has("Public") && has("Private", "Isolated"))) {
    throw new Error(
      `If NAT Gateway strategy is '${natStrategy}', public subnets must be declared to host the NAT Gateway, along with private or isolated ones to route through it.`,
    );
  }
  const wanted = { None: 0, Single: 1, OnePerAz: zones.length }[natStrategy];
  if (allocationIds.length > 0 && allocationIds.length !== wanted)
    throw new Error(`natGateways.elasticIpAllocationIds must have ${wanted} for '${natStrategy}'.`);
}

/**
 * Makes an awsx.ec2.Vpc of what the one of @pulumi/awsx 3.9 is made of: the same types, names, parents and inputs, one
 * after another in the order in which awsx declares them.
 * @throws Error that names an argument which is not honoured here, and what the engine refuses
 */
export async function constructVpc(
  engine: Engine,
  component: Registered,
  name: string,
  inputs: Values,
  region: string,
): Promise<Constructed> {
  const args = readVpcArgs(inputs, region);
  const zones = args.zones.length;
  const planned = layOut(name, args.cidrBlock, zones, args);
  checkNat(args, planned);
  const parts = await VpcParts.begin(engine, component, name, args);
  for (let zone = 0; zone < zones; zone++) {
    // IPv6 blocks are counted through the first subnets of all zones, then through the second ones.
    for (const [at, subnet] of inOrder(planned, zone).entries())
      await parts.addSubnet(subnet, zone + at * zones);
  }
  return vpcOutputs(args, parts.made);
}

/** `all` makes the tags of one part of those that were given to the component. */
function tagsOf({ tags, secretTags }: VpcArgs, all: (given: Values) => Values): unknown {
  if (tags === UNKNOWN) return UNKNOWN;
  const made = all(tags as Values);
  return secretTags ? secret(made) : made;
}

class VpcParts {
  private constructor(
    private readonly engine: Engine,
    private readonly name: string,
    private readonly args: VpcArgs,
    readonly made: MadeVpc,
  ) {}

  static async begin(engine: Engine, component: Registered, name: string, args: VpcArgs) {
    const tags = tagsOf(args, (given) => ({ Name: name, ...given }));
    const { cidrBlock, forAll, forVpc } = args;
    const vpc = await engine.part({
      type: "aws:ec2/vpc:Vpc",
      name,
      parent: component,
      inputs: { ...forAll, ...forVpc, cidrBlock, tags },
    });
    const gateway = await engine.part({
      type: "aws:ec2/internetGateway:InternetGateway",
      name,
      parent: vpc,
      inputs: { ...forAll, vpcId: vpc.id, tags },
      madeOf: { vpcId: [vpc] },
      dependsOn: [vpc],
    });
    const tables = { routeTables: [], routeTableAssociations: [], routes: [] };
    return new VpcParts(engine, name, args, {
      vpc,
      gateway,
      subnets: [],
      ...tables,
      natGateways: [],
      eips: [],
    });
  }

  /** A subnet with its table, its way out, and the NAT gateway that stands in it. */
  async addSubnet(planned: PlannedSubnet, ipv6Index: number): Promise<void> {
    const { name, spec, zone, cidrBlock } = planned;
    const { vpc } = this.made;
    const own = { Name: name, SubnetType: spec.type };
    const subnet = await this.part({
      type: "aws:ec2/subnet:Subnet",
      name,
      parent: vpc,
      inputs: {
        vpcId: vpc.id,
        availabilityZone: this.args.zones[zone],
        mapPublicIpOnLaunch: spec.type === "Public",
        cidrBlock,
        ...this.ipv6(spec.assignIpv6AddressOnCreation, ipv6Index),
        tags: tagsOf(this.args, (given) => ({ ...given, ...spec.tags, ...own })),
      },
      madeOf: { vpcId: [vpc], ipv6CidrBlock: [vpc] },
      dependsOn: [vpc],
    });
    this.made.subnets.push({ type: spec.type, subnet });
    const table = await this.addTable(name, subnet, own);
    if (spec.type === "Public") await this.addNat(subnet, zone);
    await this.addRoute(name, spec.type, zone, table);
  }

  private ipv6(ofSpec: boolean | undefined, index: number): Values {
    const wished = ofSpec ?? reveal(this.args.forVpc).assignGeneratedIpv6CidrBlock ?? false;
    if (wished === false) return { assignIpv6AddressOnCreation: false };
    const block = reveal(this.made.vpc.state).ipv6CidrBlock;
    if (wished === UNKNOWN || block === UNKNOWN)
      return { assignIpv6AddressOnCreation: wished, ipv6CidrBlock: UNKNOWN };
    return { assignIpv6AddressOnCreation: true, ipv6CidrBlock: ipv6SubnetBlock(String(block), index) };
  }

  private async addTable(name: string, subnet: Registered, own: Values): Promise<Registered> {
    const { vpc, routeTables, routeTableAssociations } = this.made;
    const table = await this.part({
      type: "aws:ec2/routeTable:RouteTable",
      name,
      parent: subnet,
      inputs: { vpcId: vpc.id, tags: tagsOf(this.args, (given) => ({ ...given, ...own })) },
      madeOf: { vpcId: [vpc] },
      dependsOn: [subnet],
    });
    routeTables.push(table);
    const association = await this.part({
      type: "aws:ec2/routeTableAssociation:RouteTableAssociation",
      name,
      parent: table,
      inputs: { routeTableId: table.id, subnetId: subnet.id },
      madeOf: { routeTableId: [table], subnetId: [subnet] },
      dependsOn: [table],
    });
    routeTableAssociations.push(association);
    return table;
  }

  private async addNat(subnet: Registered, zone: number): Promise<void> {
    const { natStrategy, allocationIds } = this.args;
    const { natGateways, eips } = this.made;
    const enough = { None: 0, Single: 1, OnePerAz: zone + 1 }[natStrategy];
    if (natGateways.length >= enough) return;
    const name = `${this.name}-${zone + 1}`;
    const tags = tagsOf(this.args, (given) => ({ ...given, Name: name }));
    const below = { name, parent: subnet, dependsOn: [subnet] };
    if (allocationIds.length === 0) {
      eips.push(await this.part({ type: "aws:ec2/eip:Eip", ...below, inputs: { tags } }));
    }
    const eip = eips[zone];
    const nat = await this.part({
      type: "aws:ec2/natGateway:NatGateway",
      ...below,
      inputs: { subnetId: subnet.id, allocationId: eip?.state.allocationId ?? allocationIds[zone], tags },
      madeOf: { subnetId: [subnet], allocationId: eip ? [eip] : [] },
    });
    natGateways.push(nat);
  }

  /** A public subnet's leads to the internet gateway, a private one's to a NAT gateway, an isolated one has none. */
  private async addRoute(name: string, type: SubnetType, zone: number, table: Registered): Promise<void> {
    const { gateway, natGateways, routes } = this.made;
    const nat = natGateways[this.args.natStrategy === "Single" ? 0 : zone];
    const target = { Public: gateway, Private: nat, Isolated: undefined, Unused: undefined }[type];
    if (!target) return;
    const property = type === "Public" ? "gatewayId" : "natGatewayId";
    const route = await this.part({
      type: "aws:ec2/route:Route",
      name,
      parent: table,
      inputs: { routeTableId: table.id, [property]: target.id, destinationCidrBlock: "0.0.0.0/0" },
      madeOf: { routeTableId: [table], [property]: [target] },
      dependsOn: [table],
    });
    routes.push(route);
  }

  private part(part: Part): Promise<Registered> {
    return this.engine.part({ ...part, inputs: { ...this.args.forAll, ...part.inputs } });
  }
}
