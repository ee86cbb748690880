import type { ResourceRecord } from "../../protocol";
import { LOCAL_ACCOUNT } from "../../protocol";
import { arn, defaultVpc, defaultVpcPart } from "../../region";
import type { Host } from "../resources";
import type { Values } from "../values";
import { filtersOf, fits, hasTags, passes } from "./filters";
import { madeOf } from "./made";

export const VPC = "aws:ec2/vpc:Vpc";

function theDefault(region: string): Values {
  const { vpcId: id, cidrBlock } = defaultVpc(region);
  return {
    id,
    arn: arn("ec2", region, `vpc/${id}`),
    cidrBlock,
    default: true,
    dhcpOptionsId: defaultVpcPart("dopt", region),
    enableDnsHostnames: true,
    ipv6AssociationId: "",
    ipv6CidrBlock: "",
    mainRouteTableId: defaultVpcPart("rtb", region),
    tags: {},
  };
}

function made({ id, inputs, outputs }: ResourceRecord): Values {
  const { arn: itsArn, dhcpOptionsId, ipv6AssociationId, ipv6CidrBlock, mainRouteTableId } = outputs;
  return {
    id,
    arn: itsArn,
    cidrBlock: inputs.cidrBlock,
    default: false,
    dhcpOptionsId,
    enableDnsHostnames: inputs.enableDnsHostnames === true,
    enableDnsSupport: inputs.enableDnsSupport,
    instanceTenancy: inputs.instanceTenancy,
    ipv6AssociationId,
    ipv6CidrBlock,
    mainRouteTableId,
    tags: inputs.tags ?? {},
  };
}

const SAME = {
  cidrBlockAssociations: [],
  enableDnsSupport: true,
  enableNetworkAddressUsageMetrics: false,
  instanceTenancy: "default",
  ipv6CidrBlockAssociations: [],
  ownerId: LOCAL_ACCOUNT,
  state: "available",
};

/** The one VPC that fits. The default one is found without a host. @throws Error unless exactly one fits, as on AWS */
export async function getVpc(args: Values, region: string, host: Host): Promise<Values> {
  const where = String(args.region ?? region);
  const found = filtersOf("getVpc", args, ["vpc-id", "is-default", "isDefault", "cidr", "state"]);
  const isDefault = found.get("is-default") ?? found.get("isDefault");
  const chosen = (vpc: Values) =>
    fits(args.id, vpc.id) &&
    fits(args.default, vpc.default) &&
    fits(args.cidrBlock, vpc.cidrBlock) &&
    hasTags(args.tags, vpc.tags) &&
    passes(found.get("vpc-id"), vpc.id) &&
    passes(found.get("cidr"), vpc.cidrBlock) &&
    passes(isDefault, vpc.default);
  const standard = [theDefault(where)].filter(chosen);
  const others = (await madeOf(host, VPC, where, standard.length === 0)).map(made).filter(chosen);
  const all = [...standard, ...others];
  if (all.length === 1) return { ...args, ...SAME, ...all[0], region: where };
  if (all.length > 1) throw new Error("getVpc: multiple EC2 VPCs matched; use additional constraints");
  throw new Error(
    `InvalidVpcID.NotFound: no VPC of the local target fits; the default one is ${theDefault(where).id}.`,
  );
}
