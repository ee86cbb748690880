import { createHash } from "node:crypto";
import type { Inputs } from "../../protocol";
import { AwsError } from "../aws-error";
import type { ResourceKind, Services } from "../services";

const TYPE = "aws:ec2/volumeAttachment:VolumeAttachment";

function attach(services: Services, inputs: Inputs): void {
  services.instances.attach(String(inputs.volumeId), String(inputs.instanceId), String(inputs.deviceName));
}

function refuse(services: Services, inputs: Inputs): void {
  if (!services.find("aws:ebs/volume:Volume", String(inputs.volumeId))) {
    throw new AwsError("InvalidVolume.NotFound", `The volume '${inputs.volumeId}' does not exist.`);
  }
  if (!services.find("aws:ec2/instance:Instance", String(inputs.instanceId))) {
    throw new AwsError("InvalidInstanceID.NotFound", `The instance ID '${inputs.instanceId}' does not exist`);
  }
  const holder = services.all(TYPE).find((record) => record.inputs.volumeId === inputs.volumeId);
  if (!holder) return;
  throw new AwsError("VolumeInUse", `${inputs.volumeId} is already attached to ${holder.inputs.instanceId}`);
}

/** A volume in a machine. Its id is a hash of the three, as terraform-provider-aws makes one. */
export const volumeAttachment: ResourceKind = {
  type: TYPE,
  async create(services, { inputs }) {
    refuse(services, inputs);
    attach(services, inputs);
    const what = `${inputs.deviceName}-${inputs.instanceId}-${inputs.volumeId}`;
    const hash = createHash("sha256").update(what).digest().readUInt32BE(0);
    return { id: `vai-${hash}`, outputs: {} };
  },
  async restore(services, record) {
    attach(services, record.inputs);
  },
  async delete(services, record) {
    const { skipDestroy, stopInstanceBeforeDetaching, volumeId, instanceId } = record.inputs;
    if (skipDestroy) return;
    // terraform-provider-aws does not start it again; here the next start of the host does.
    if (stopInstanceBeforeDetaching) await services.instances.stop(String(instanceId));
    await services.instances.detach(String(volumeId), String(instanceId));
  },
};
