import { region, type TypeTable, tags } from "../property-table";

/**
 * A standard topic. `kmsMasterKeyId` is not listed: under AWS's own key (alias/aws/sns) a topic takes no notification
 * of an alarm, and keys of the account's are not known here.
 */
export const topic: TypeTable = {
  type: "aws:sns/topic:Topic",
  autoName: { property: "name", maxLength: 256 },
  inputs: {
    ...region,
    ...tags,
    name: { type: "string", replaces: true },
    namePrefix: { type: "string", replaces: true },
    displayName: { type: "string" },
    fifoTopic: { type: "boolean", default: false, replaces: true, only: [false] },
  },
  outputs: { arn: {}, beginningArchiveTime: {}, owner: {} },
};
