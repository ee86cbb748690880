import { setTimeout as sleep } from "node:timers/promises";
import { LOCAL_ACCOUNT } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import { vpcNamed } from "../network/checks";
import type { RegionNetwork, ResourceKind, Services } from "../services";

/**
 * How long a gateway waits for the public addresses behind it to go. terraform-provider-aws tries again for 20 minutes,
 * because nothing tells the engine in which order gateway and addresses are to go; here they go in seconds.
 */
const PATIENCE_MS = 60_000;
const LOOK_MS = 50;

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

function hasPublicAddresses({ interfaces, subnets }: RegionNetwork, vpcId: string): boolean {
  return interfaces.some(({ isPublic, subnetId }) => isPublic && subnets.get(subnetId)?.vpcId === vpcId);
}

async function detach(services: Services, region: string, vpcId: unknown): Promise<void> {
  const mapped = () => hasPublicAddresses(services.network.in(region), String(vpcId));
  for (let waited = 0; mapped(); waited += LOOK_MS) {
    if (waited >= PATIENCE_MS) {
      const message = `Network ${vpcId} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.`;
      throw new AwsError("DependencyViolation", message);
    }
    await sleep(LOOK_MS);
  }
}

export const internetGateway: ResourceKind = {
  type: "aws:ec2/internetGateway:InternetGateway",
  async create(services, { inputs }) {
    const region = String(inputs.region);
    checkAttachment(services.network.in(region), inputs.vpcId);
    const id = ec2Id("igw");
    return { id, outputs: { arn: arn("ec2", region, `internet-gateway/${id}`), ownerId: LOCAL_ACCOUNT } };
  },
  async update(services, { id, inputs: before, outputs }, inputs) {
    const region = String(inputs.region);
    if (before.vpcId !== undefined && before.vpcId !== inputs.vpcId)
      await detach(services, region, before.vpcId);
    checkAttachment(services.network.in(region), inputs.vpcId, id);
    return outputs;
  },
  async delete(services, { inputs }) {
    if (inputs.vpcId !== undefined) await detach(services, String(inputs.region), inputs.vpcId);
  },
};
