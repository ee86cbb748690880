import { region, type TypeTable } from "../property-table";

/** A volume is attached to one machine at a time: the old attachment goes first. */
export const volumeAttachment: TypeTable = {
  type: "aws:ec2/volumeAttachment:VolumeAttachment",
  deleteBeforeReplace: true,
  inputs: {
    ...region,
    deviceName: { type: "string", required: true, replaces: true },
    forceDetach: { type: "boolean" },
    instanceId: { type: "string", required: true, replaces: true },
    skipDestroy: { type: "boolean" },
    stopInstanceBeforeDetaching: { type: "boolean" },
    volumeId: { type: "string", required: true, replaces: true },
  },
  outputs: {},
};
