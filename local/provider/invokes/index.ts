import type { Host } from "../resources";
import type { Values } from "../values";
import { getInstanceTypeOfferings } from "./instance-types";
import { getParameter } from "./parameter";
import { getPolicyDocument } from "./policy-document";
import { getAvailabilityZones, getCallerIdentity, getPartition, getRegion } from "./region";
import { getSecurityGroup } from "./security-group";
import { getSubnet, getSubnets } from "./subnets";
import { getVpc } from "./vpc";

type Invoke = (args: Values, region: string, host: Host) => Values | Promise<Values>;

const invokes: Record<string, Invoke> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": getAvailabilityZones,
  "aws:index/getCallerIdentity:getCallerIdentity": getCallerIdentity,
  "aws:index/getPartition:getPartition": getPartition,
  "aws:index/getRegion:getRegion": getRegion,
  "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": getInstanceTypeOfferings,
  "aws:ec2/getSecurityGroup:getSecurityGroup": getSecurityGroup,
  "aws:ec2/getSubnet:getSubnet": getSubnet,
  "aws:ec2/getSubnets:getSubnets": getSubnets,
  "aws:ec2/getVpc:getVpc": getVpc,
  "aws:iam/getPolicyDocument:getPolicyDocument": getPolicyDocument,
  "aws:ssm/getParameter:getParameter": getParameter,
};

/** Answers a lookup. @throws Error that names what there is, when the local target has no such lookup */
export async function invoke(token: string, args: Values, region: string, host: Host): Promise<Values> {
  if (Object.hasOwn(invokes, token)) return invokes[token]!(args, region, host);
  throw new Error(`Nami's local target has no "${token}"; it knows: ${Object.keys(invokes).join(", ")}`);
}
