import type { Inputs, Outputs } from "../../protocol";
import { arn, defaultVpc } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import { thing } from "../propagation";
import type { InstanceSpec, ResourceKind, Services } from "../services";
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
    userData: String(inputs.userData),
    roleName: roleName(services, inputs),
    privateIp: PRIVATE_IP,
  };
}

function holdGroups(services: Services, inputs: Inputs, instanceId: string): void {
  const groups = (inputs.vpcSecurityGroupIds as string[] | undefined) ?? [];
  const subnets = inputs.subnetId ? [String(inputs.subnetId)] : [];
  services.holds.put(thing(TYPE, instanceId), { groups, subnets });
}

function instanceState(services: Services, instanceId: string): string {
  return services.propagation.state(thing(TYPE, instanceId)) ?? "running";
}

function outputs(inputs: Inputs, instanceId: string): Outputs {
  const region = String(inputs.region);
  const { subnets } = defaultVpc(region);
  const subnet =
    subnets.find((one) => one.subnetId === inputs.subnetId) ??
    subnets.find((one) => one.availabilityZone === inputs.availabilityZone) ??
    subnets[0]!;
  return {
    arn: arn("ec2", region, `instance/${instanceId}`),
    availabilityZone: inputs.availabilityZone ?? subnet.availabilityZone,
    primaryNetworkInterfaceId: ec2Id("eni"),
    privateDns: "localhost",
    privateIp: PRIVATE_IP,
    publicDns: "",
    publicIp: "",
    subnetId: inputs.subnetId ?? subnet.subnetId,
  };
}

export const instance: ResourceKind = {
  type: TYPE,
  async create(services, { inputs }) {
    const instanceId = ec2Id("i");
    const wanted = spec(services, inputs, instanceId);
    holdGroups(services, inputs, instanceId);
    await services.propagation.begin(thing(TYPE, instanceId), "pending", () =>
      services.instances.run(wanted),
    );
    const state = instanceState(services, instanceId);
    return { id: instanceId, outputs: { ...outputs(inputs, instanceId), instanceState: state } };
  },
  async restore(services, record) {
    holdGroups(services, record.inputs, record.id);
    await services.instances.reboot(spec(services, record.inputs, record.id));
  },
  async delete(services, record) {
    if (record.inputs.disableApiTermination) {
      const message = `The instance '${record.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`;
      throw new AwsError("OperationNotPermitted", message);
    }
    services.propagation.forget(thing(TYPE, record.id));
    await services.instances.terminate(record.id);
    await services.holds.release(thing(TYPE, record.id), "shutting-down");
  },
  async read(services, record) {
    return { ...record.outputs, instanceState: instanceState(services, record.id) };
  },
};
