import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { architectureOf } from "./architecture";
import { mongoHostScript } from "./mongo-host-script";
import type { Network } from "./network/network";
import { policy, readParameter, trust } from "./policies";
import type { Settings } from "./settings";
import type { DataOutputs } from "./shared-stacks";
import { namedTags, tags } from "./tags";

/** AWS keeps the id of the newest Amazon Linux 2023 under these public parameters. */
const AMI_PARAMETER = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-";

const ROOT_GB = 8;

export interface MongoHostArgs {
  settings: Settings;
  data: DataOutputs;
  network: Network;
  /** Takes the newest image instead of the one the host has. */
  upgradeHost: boolean;
}

/** One machine that runs MongoDB on the volume of the data stack. It can be replaced; the volume stays. */
export class MongoHost extends pulumi.ComponentResource {
  readonly instance: aws.ec2.Instance;
  readonly attachment: aws.ec2.VolumeAttachment;

  constructor(logicalName: string, args: MongoHostArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nami:mongo:MongoHost", logicalName, {}, opts);
    const profile = this.profile(`${logicalName}-mongo-host`, args);
    this.instance = this.machine(`${logicalName}-mongo-host`, args, profile);
    this.attachment = new aws.ec2.VolumeAttachment(
      `${logicalName}-mongo-volume`,
      {
        deviceName: "/dev/sdf",
        instanceId: this.instance.id,
        volumeId: args.data.volumeId,
        // It is given up only with its machine, which has unmounted it when it is down. To stop the machine first would
        // leave it stopped whenever what comes after that does not come about.
        skipDestroy: true,
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.registerOutputs();
  }

  /** The machine may read one thing: the password it is to start MongoDB with. */
  private profile(logicalName: string, { settings, data }: MongoHostArgs): aws.iam.InstanceProfile {
    const child = { parent: this };
    const role = new aws.iam.Role(
      logicalName,
      {
        assumeRolePolicy: trust("ec2.amazonaws.com"),
        description: `The MongoDB host of ${settings.name}`,
        tags: tags(settings.name, logicalName),
      },
      child,
    );
    const statement = data.passwordParameterArn.apply(readParameter);
    const rolePolicy = new aws.iam.RolePolicy(
      logicalName,
      { role: role.name, policy: statement.apply((read) => policy([read])) },
      child,
    );
    return new aws.iam.InstanceProfile(
      logicalName,
      { role: role.name, tags: tags(settings.name, logicalName) },
      { ...child, dependsOn: [rolePolicy] },
    );
  }

  private machine(
    logicalName: string,
    args: MongoHostArgs,
    profile: aws.iam.InstanceProfile,
  ): aws.ec2.Instance {
    const { settings, data, network, upgradeHost } = args;
    const image = AMI_PARAMETER + architectureOf(settings.instanceType);
    return new aws.ec2.Instance(
      logicalName,
      {
        ami: aws.ssm.getParameterOutput({ name: image }, { parent: this }).insecureValue,
        instanceType: settings.instanceType,
        subnetId: network.hostSubnetId,
        // No inbound rule but the worker's; the address is for fetching packages without a NAT gateway.
        associatePublicIpAddress: true,
        vpcSecurityGroupIds: [network.mongoGroupId!],
        iamInstanceProfile: profile.name,
        userData: userData(settings, data),
        userDataReplaceOnChange: true,
        // Hop limit 1 keeps the container away from the machine's role.
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
        rootBlockDevice: {
          volumeType: "gp3",
          volumeSize: ROOT_GB,
          encrypted: true,
          tags: tags(settings.name, logicalName),
        },
        tags: namedTags(settings.name, logicalName),
      },
      {
        parent: this,
        // A newer image must not replace a working host, unless it is asked for.
        ignoreChanges: upgradeHost ? [] : ["ami"],
        // The old one must let go of the volume before the new one can have it.
        deleteBeforeReplace: true,
        dependsOn: network.rules,
      },
    );
  }
}

function userData({ region, mongoPort, mongoVersion }: Settings, data: DataOutputs): pulumi.Output<string> {
  return pulumi
    .all([data.volumeId, data.passwordParameter])
    .apply(([volumeId, passwordParameter]) =>
      mongoHostScript({ region, volumeId, passwordParameter, mongoVersion, port: mongoPort }),
    );
}
