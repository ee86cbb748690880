import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import { thing } from "../propagation";
import type { ResourceKind } from "../services";

export const volume: ResourceKind = {
  type: "aws:ebs/volume:Volume",
  keepsData: true,
  async create(services, { inputs }) {
    const id = ec2Id("vol");
    services.instances.createVolume(id, Number(inputs.size));
    await services.propagation.begin(thing(this.type, id), "creating");
    const createTime = new Date(services.clock.now()).toISOString();
    return { id, outputs: { arn: arn("ec2", String(inputs.region), `volume/${id}`), createTime } };
  },
  async restore(services, record) {
    services.instances.createVolume(record.id, Number(record.inputs.size));
  },
  async adopt(services, record) {
    services.instances.createVolume(record.id, Number(record.inputs.size));
    services.instances.releaseVolume(record.id);
  },
  /**
   * A volume grows while it is in use; its file system follows when the machine tells it to. AWS allows a volume few
   * such changes a day (ModifyVolume, VolumeModificationRateExceeded); that is not held here.
   */
  async update(services, record, inputs) {
    if (Number(inputs.size) < Number(record.inputs.size)) {
      throw new AwsError("InvalidParameterValue", "New size cannot be smaller than existing size");
    }
    services.instances.createVolume(record.id, Number(inputs.size));
    return record.outputs;
  },
  async delete(services, record) {
    const attachments = services.all("aws:ec2/volumeAttachment:VolumeAttachment");
    const attached = attachments.find((one) => one.inputs.volumeId === record.id);
    if (attached) {
      throw new AwsError(
        "VolumeInUse",
        `Volume ${record.id} is currently attached to ${attached.inputs.instanceId}`,
      );
    }
    services.instances.deleteVolume(record.id);
  },
};
