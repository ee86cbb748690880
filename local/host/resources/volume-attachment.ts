import { crc32 } from "node:zlib";
import type { Inputs } from "../../protocol";
import { AwsError } from "../aws-error";
import { thing } from "../propagation";
import type { ResourceKind, Services } from "../services";

const TYPE = "aws:ec2/volumeAttachment:VolumeAttachment";
const VOLUME = "aws:ebs/volume:Volume";
const INSTANCE = "aws:ec2/instance:Instance";

function attach(services: Services, inputs: Inputs): void {
  services.instances.attach(String(inputs.volumeId), String(inputs.instanceId), String(inputs.deviceName));
}

/** A volume that is on its way into a machine or out of it is in nobody else's reach. */
function placeOf({ volumeId }: Inputs): string {
  return `place of ${thing(VOLUME, String(volumeId))}`;
}

function refuseWhilePassing(services: Services, { volumeId, instanceId }: Inputs): void {
  const { propagation } = services;
  if (propagation.state(thing(VOLUME, String(volumeId))))
    throw new AwsError("IncorrectState", `Volume '${volumeId}' is not 'available'.`);
  if (propagation.state(thing(INSTANCE, String(instanceId))))
    throw new AwsError("IncorrectState", `Instance '${instanceId}' is not 'running'.`);
  if (propagation.state(placeOf({ volumeId })))
    throw new AwsError("VolumeInUse", `${volumeId} is already attached to an instance`);
}

function refuse(services: Services, inputs: Inputs): void {
  if (!services.find(VOLUME, String(inputs.volumeId))) {
    throw new AwsError("InvalidVolume.NotFound", `The volume '${inputs.volumeId}' does not exist.`);
  }
  if (!services.find(INSTANCE, String(inputs.instanceId))) {
    throw new AwsError("InvalidInstanceID.NotFound", `The instance ID '${inputs.instanceId}' does not exist`);
  }
  const holder = services.all(TYPE).find((record) => record.inputs.volumeId === inputs.volumeId);
  if (!holder) return;
  throw new AwsError("VolumeInUse", `${inputs.volumeId} is already attached to ${holder.inputs.instanceId}`);
}

/** The id of a volume in a machine: made of the three, as internal/service/ec2/ebs_volume_attachment.go makes it. */
function attachmentId({ deviceName, instanceId, volumeId }: Inputs): string {
  return `vai-${crc32(`${deviceName}-${instanceId}-${volumeId}-`)}`;
}

export const volumeAttachment: ResourceKind = {
  type: TYPE,
  async create(services, { inputs }) {
    refuse(services, inputs);
    refuseWhilePassing(services, inputs);
    const id = attachmentId(inputs);
    await services.propagation.begin(thing(TYPE, id), "attaching", () => attach(services, inputs));
    return { id, outputs: {} };
  },
  async restore(services, record) {
    attach(services, record.inputs);
  },
  async delete(services, record) {
    const { skipDestroy, stopInstanceBeforeDetaching, volumeId, instanceId } = record.inputs;
    if (skipDestroy) return;
    services.propagation.forget(thing(TYPE, record.id));
    // terraform-provider-aws does not start it again; here the next start of the host does.
    if (stopInstanceBeforeDetaching) await services.instances.stop(String(instanceId));
    await services.instances.detach(String(volumeId), String(instanceId));
    await services.propagation.begin(placeOf(record.inputs), "detaching");
    await services.propagation.begin(thing(TYPE, record.id), "detaching");
  },
};
