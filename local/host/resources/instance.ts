import type { Inputs, Outputs } from "../../protocol";
import { arn, defaultVpc } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import type { InstanceSpec, ResourceKind, Services } from "../services";
import { iamName } from "./arns";

const PRIVATE_IP = "127.0.0.1";

function roleName(services: Services, inputs: Inputs): string | undefined {
  if (!inputs.iamInstanceProfile) return undefined;
  const name = iamName(String(inputs.iamInstanceProfile));
  const profile = services.find("aws:iam/instanceProfile:InstanceProfile", name);
  if (!profile) throw new AwsError("InvalidParameterValue", `Invalid IAM Instance Profile name: ${name}`);
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
    instanceState: "running",
    primaryNetworkInterfaceId: ec2Id("eni"),
    privateDns: "localhost",
    privateIp: PRIVATE_IP,
    publicDns: "",
    publicIp: "",
    subnetId: inputs.subnetId ?? subnet.subnetId,
  };
}

export const instance: ResourceKind = {
  type: "aws:ec2/instance:Instance",
  async create(services, { inputs }) {
    const instanceId = ec2Id("i");
    await services.instances.run(spec(services, inputs, instanceId));
    return { id: instanceId, outputs: outputs(inputs, instanceId) };
  },
  async restore(services, record) {
    await services.instances.reboot(spec(services, record.inputs, record.id));
  },
  /** As terraform-provider-aws: another type or script needs a stopped machine, all else is changed while it runs. */
  async update(services, record, inputs) {
    const { instanceType, userData } = record.inputs;
    const wanted = spec(services, inputs, record.id);
    if (inputs.instanceType !== instanceType || inputs.userData !== userData) {
      await services.instances.restart(wanted);
    }
    return record.outputs;
  },
  async read(services, record) {
    return { ...record.outputs, instanceState: services.instances.isOn(record.id) ? "running" : "stopped" };
  },
  async delete(services, record) {
    if (record.inputs.disableApiTermination) {
      const message = `The instance '${record.id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`;
      throw new AwsError("OperationNotPermitted", message);
    }
    await services.instances.terminate(record.id);
  },
};
