import { LOCAL_ACCOUNT } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import { vpcNamed } from "../network/checks";
import type { RegionNetwork, ResourceKind } from "../services";

/** A VPC has one at most. */
function checkAttachment(network: RegionNetwork, vpcId: unknown, ownId?: string): void {
  if (vpcId === undefined) return;
  const { id } = vpcNamed(network, String(vpcId));
  const holder = [...network.internetGateways].find(([other, vpc]) => vpc === id && other !== ownId);
  if (holder) {
    const message = `Network ${id} already has an internet gateway attached`;
    throw new AwsError("InvalidParameterValue", message);
  }
}

/** It leaves no VPC in which there are public addresses. */
function checkDetachment({ interfaces, subnets }: RegionNetwork, vpcId: unknown): void {
  const mapped = interfaces.some((one) => one.isPublic && subnets.get(one.subnetId)?.vpcId === vpcId);
  if (!mapped) return;
  const message = `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`;
  throw new AwsError("DependencyViolation", message);
}

export const internetGateway: ResourceKind = {
  type: "aws:ec2/internetGateway:InternetGateway",
  // Nothing tells the engine in which order it and the machines behind it are to go.
  waitsToBeDeleted: true,
  async create(services, { inputs }) {
    const region = String(inputs.region);
    checkAttachment(services.network.in(region), inputs.vpcId);
    const id = ec2Id("igw");
    return { id, outputs: { arn: arn("ec2", region, `internet-gateway/${id}`), ownerId: LOCAL_ACCOUNT } };
  },
  async update(services, { id, inputs: before, outputs }, inputs) {
    const network = services.network.in(String(inputs.region));
    if (before.vpcId !== undefined && before.vpcId !== inputs.vpcId) checkDetachment(network, before.vpcId);
    checkAttachment(network, inputs.vpcId, id);
    return outputs;
  },
  async delete(services, { inputs }) {
    if (inputs.vpcId !== undefined) checkDetachment(services.network.in(String(inputs.region)), inputs.vpcId);
  },
};
