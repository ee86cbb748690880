import { sameArchitecture } from "../../instance-types";
import { type Properties, region, type TypeTable, tags } from "../property-table";

const metadataOptions: Properties = {
  httpEndpoint: { type: "string" },
  httpProtocolIpv6: { type: "string" },
  httpPutResponseHopLimit: { type: "number", min: 1, max: 64 },
  httpTokens: { type: "string" },
  instanceMetadataTags: { type: "string" },
};

const rootBlockDevice: Properties = {
  deleteOnTermination: { type: "boolean" },
  encrypted: { type: "boolean", replaces: true },
  iops: { type: "number" },
  kmsKeyId: { type: "string", replaces: true },
  tags: { type: "map" },
  throughput: { type: "number" },
  volumeSize: { type: "number" },
  volumeType: { type: "string" },
};

/** Bytes before base64. */
const USER_DATA_LIMIT = 16_384;

/**
 * A machine that runs its user data once, at its first boot. Without `userDataReplaceOnChange` a changed script is
 * kept and not run, as on AWS.
 */
export const instance: TypeTable = {
  type: "aws:ec2/instance:Instance",
  inputs: {
    ...region,
    ...tags,
    ami: { type: "string", required: true, replaces: true },
    associatePublicIpAddress: { type: "boolean", replaces: true },
    availabilityZone: { type: "string", replaces: true },
    creditSpecification: { type: { object: { cpuCredits: { type: "string" } } } },
    disableApiTermination: { type: "boolean" },
    ebsOptimized: { type: "boolean", replaces: true },
    iamInstanceProfile: { type: "string" },
    instanceInitiatedShutdownBehavior: { type: "string" },
    instanceType: {
      type: "string",
      required: true,
      replacesWhen: (older, newer) => !sameArchitecture(String(older), String(newer)),
    },
    maintenanceOptions: { type: { object: { autoRecovery: { type: "string" } } } },
    metadataOptions: { type: { object: metadataOptions } },
    monitoring: { type: "boolean" },
    privateIp: { type: "string", replaces: true, only: ["127.0.0.1"] },
    rootBlockDevice: { type: { object: rootBlockDevice } },
    sourceDestCheck: { type: "boolean" },
    subnetId: { type: "string", replaces: true },
    userData: { type: "string", required: true, replacesWith: "userDataReplaceOnChange" },
    userDataReplaceOnChange: { type: "boolean", default: false },
    volumeTags: { type: "map" },
    vpcSecurityGroupIds: { type: "set" },
  },
  outputs: {
    arn: {},
    availabilityZone: {},
    instanceState: {},
    primaryNetworkInterfaceId: {},
    privateDns: {},
    privateIp: {},
    publicDns: {},
    publicIp: {},
    subnetId: {},
  },
  rules: ({ userData }) => {
    const bytes = Buffer.byteLength(String(userData ?? ""));
    return bytes > USER_DATA_LIMIT ? [`userData has ${bytes} bytes; EC2 takes ${USER_DATA_LIMIT}`] : [];
  },
};
