import type { Inputs, Outputs } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import { checkInstancePlace } from "../network/checks";
import { thing } from "../propagation";
import type { InstanceSpec, RegionNetwork, ResourceKind, Services } from "../services";
import { iamName } from "./arns";

const TYPE = "aws:ec2/instance:Instance";
const PROFILE = "aws:iam/instanceProfile:InstanceProfile";
const PRIVATE_IP = "127.0.0.1";

function roleName(services: Services, inputs: Inputs): string | undefined {
  if (!inputs.iamInstanceProfile) return undefined;
  const name = iamName(String(inputs.iamInstanceProfile));
  const profile = services.find(PROFILE, name);
  if (!profile || services.propagation.state(thing(PROFILE, name))) {
    const message = `Value (${name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name`;
    throw new AwsError("InvalidParameterValue", message);
  }
  return profile.inputs.role ? String(profile.inputs.role) : undefined;
}

function spec(services: Services, inputs: Inputs, instanceId: string): InstanceSpec {
  return {
    instanceId,
    region: String(inputs.region),
    instanceType: String(inputs.instanceType),
    userData: String(inputs.userData),
    roleName: roleName(services, inputs),
    privateIp: PRIVATE_IP,
  };
}

function passingState(services: Services, instanceId: string): string | undefined {
  return services.propagation.state(thing(TYPE, instanceId));
}

/** The one asked for; else one of the default VPC, in the zone asked for. */
function subnetIdOf({ vpcs, subnets }: RegionNetwork, inputs: Inputs): string {
  if (inputs.subnetId) return String(inputs.subnetId);
  const ofDefault = [...subnets.values()].filter(({ vpcId }) => vpcs.get(vpcId)?.isDefault);
  const { availabilityZone: zone } = inputs;
  return (ofDefault.find(({ availabilityZone }) => availabilityZone === zone) ?? ofDefault[0]!).id;
}

function outputs(network: RegionNetwork, inputs: Inputs, instanceId: string): Outputs {
  const subnetId = subnetIdOf(network, inputs);
  return {
    arn: arn("ec2", network.region, `instance/${instanceId}`),
    availabilityZone: inputs.availabilityZone ?? network.subnets.get(subnetId)!.availabilityZone,
    primaryNetworkInterfaceId: ec2Id("eni"),
    privateDns: "localhost",
    privateIp: PRIVATE_IP,
    publicDns: "",
    publicIp: "",
    subnetId,
  };
}

function checkPlace(network: RegionNetwork, inputs: Inputs): void {
  const groupIds = (inputs.vpcSecurityGroupIds as string[] | undefined) ?? [];
  checkInstancePlace(network, subnetIdOf(network, inputs), groupIds);
}

export const instance: ResourceKind = {
  type: TYPE,
  async create(services, { inputs }) {
    const instanceId = ec2Id("i");
    const network = services.network.in(String(inputs.region));
    checkPlace(network, inputs);
    const wanted = spec(services, inputs, instanceId);
    await services.propagation.begin(thing(TYPE, instanceId), "pending", () =>
      services.instances.run(wanted),
    );
    const instanceState = passingState(services, instanceId) ?? "running";
    return { id: instanceId, outputs: { ...outputs(network, inputs, instanceId), instanceState } };
  },
  async restore(services, record) {
    await services.instances.reboot(spec(services, record.inputs, record.id));
  },
  /** As terraform-provider-aws: another type or script needs a stopped machine, all else is changed while it runs. */
  async update(services, record, inputs) {
    checkPlace(services.network.in(String(inputs.region)), { ...inputs, subnetId: record.outputs.subnetId });
    const { instanceType, userData } = record.inputs;
    const wanted = spec(services, inputs, record.id);
    if (inputs.instanceType !== instanceType || inputs.userData !== userData) {
      await services.instances.restart(wanted);
    }
    return record.outputs;
  },
  async delete(services, record) {
    if (record.inputs.disableApiTermination) {
      const message = `The instance '${record.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`;
      throw new AwsError("OperationNotPermitted", message);
    }
    services.propagation.forget(thing(TYPE, record.id));
    await services.instances.terminate(record.id);
    await services.lingering.add(record, thing(TYPE, record.id), "shutting-down");
  },
  async read(services, record) {
    const settled = services.instances.isOn(record.id) ? "running" : "stopped";
    return { ...record.outputs, instanceState: passingState(services, record.id) ?? settled };
  },
};
