import { arn, defaultVpc, defaultVpcPart } from "../../region";
import type { Host } from "../resources";
import type { Values } from "../values";
import { filtersOf, fits, hasTags, passes } from "./filters";
import { madeOf } from "./made";
import { VPC } from "./vpc";

const GROUP = "aws:ec2/securityGroup:SecurityGroup";

/** The group that came with a VPC. */
function ofVpc(region: string, vpcId: string, id: string): Values {
  return {
    id,
    arn: arn("ec2", region, `security-group/${id}`),
    name: "default",
    description: "default VPC security group",
    vpcId,
    tags: {},
  };
}

/** The default VPC's own is found without a host. @throws Error unless exactly one fits, as on AWS */
export async function getSecurityGroup(args: Values, region: string, host: Host): Promise<Values> {
  const where = String(args.region ?? region);
  const found = filtersOf("getSecurityGroup", args, ["group-id", "group-name", "vpc-id"]);
  const chosen = (group: Values) =>
    ["id", "name", "vpcId"].every((name) => fits(args[name], group[name])) &&
    hasTags(args.tags, group.tags) &&
    passes(found.get("group-id"), group.id) &&
    passes(found.get("group-name"), group.name) &&
    passes(found.get("vpc-id"), group.vpcId);
  const standard = [ofVpc(where, defaultVpc(where).vpcId, defaultVpcPart("sg", where))].filter(chosen);
  const needed = standard.length === 0;
  const vpcs = await madeOf(host, VPC, where, needed);
  const groups = await madeOf(host, GROUP, where, needed);
  const others = [
    ...vpcs.map(({ id, outputs }) => ofVpc(where, id, String(outputs.defaultSecurityGroupId))),
    ...groups.map(({ id, inputs, outputs }) => ({
      id,
      arn: outputs.arn,
      name: inputs.name,
      description: inputs.description,
      vpcId: outputs.vpcId,
      tags: inputs.tags ?? {},
    })),
  ].filter(chosen);
  const all = [...standard, ...others];
  if (all.length === 1) return { ...args, ...all[0], region: where };
  if (all.length > 1)
    throw new Error("getSecurityGroup: multiple EC2 Security Groups matched; use additional constraints");
  throw new Error("InvalidGroup.NotFound: no security group of the local target fits.");
}
