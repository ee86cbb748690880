import * as aws from "@pulumi/aws";
// The whole of awsx loads a container toolchain that is not needed here: 0.1 s of every run.
import { DefaultVpc } from "@pulumi/awsx/ec2/defaultVpc";
import * as pulumi from "@pulumi/pulumi";
import { infraError } from "./errors";
import type { FunctionNetwork } from "./lambda-function";
import type { Settings } from "./settings";
import { tags } from "./tags";

export interface NetworkArgs {
  settings: Settings;
  /** Where the data volume is. Functions stand in the same zone: no traffic between zones, and no zone without Lambda. */
  availabilityZone: pulumi.Output<string>;
}

/** Who may talk to whom: the worker's group reaches the Mongo group on its port, and nothing else does. */
export class Network extends pulumi.ComponentResource {
  readonly subnetId: pulumi.Output<string>;
  readonly mongoGroupId: pulumi.Output<string>;
  /** The two directions of the one wire, and the host's way out. */
  readonly rules: pulumi.Resource[];
  readonly forFunctions: FunctionNetwork;

  constructor(
    logicalName: string,
    { settings, availabilityZone }: NetworkArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("nami:network:Network", logicalName, {}, opts);
    const vpcId = defaultVpcId(logicalName, this);
    this.subnetId = defaultSubnetId(vpcId, availabilityZone, this);
    const group = (suffix: string, description: string) =>
      new aws.ec2.SecurityGroup(
        `${logicalName}-${suffix}`,
        { vpcId, description, tags: tags(settings.name, `${logicalName}-${suffix}`) },
        { parent: this },
      ).id;
    const workerGroupId = group("worker", "Nami: functions that reach MongoDB");
    this.mongoGroupId = group("mongo", "Nami: the MongoDB host");
    this.rules = [
      ...this.wire(logicalName, workerGroupId, settings),
      ...[80, 443].map((port) => this.wayOut(logicalName, port, settings.name)),
    ];
    this.forFunctions = {
      subnetId: this.subnetId,
      securityGroupId: workerGroupId,
      replacementSecurityGroupId: defaultGroupId(vpcId, this),
    };
    this.registerOutputs();
  }

  /** One port, from the worker's group to the Mongo group, said on both sides. */
  private wire(
    logicalName: string,
    workerGroupId: pulumi.Output<string>,
    { name, mongoPort }: Settings,
  ): pulumi.Resource[] {
    const rule = { ipProtocol: "tcp", fromPort: mongoPort, toPort: mongoPort };
    const [there, here] = [`${logicalName}-worker-to-mongo`, `${logicalName}-mongo-from-worker`];
    const out = new aws.vpc.SecurityGroupEgressRule(
      there,
      {
        ...rule,
        tags: tags(name, there),
        securityGroupId: workerGroupId,
        referencedSecurityGroupId: this.mongoGroupId,
      },
      { parent: this },
    );
    const into = new aws.vpc.SecurityGroupIngressRule(
      here,
      {
        ...rule,
        tags: tags(name, here),
        securityGroupId: this.mongoGroupId,
        referencedSecurityGroupId: workerGroupId,
      },
      { parent: this },
    );
    return [out, into];
  }

  /** The host fetches its packages and the MongoDB image. */
  private wayOut(logicalName: string, port: number, name: string): pulumi.Resource {
    return new aws.vpc.SecurityGroupEgressRule(
      `${logicalName}-mongo-to-${port}`,
      {
        securityGroupId: this.mongoGroupId,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrIpv4: "0.0.0.0/0",
        description: "Packages and the MongoDB image",
        tags: tags(name, `${logicalName}-mongo-to-${port}`),
      },
      { parent: this },
    );
  }
}

function defaultVpcId(logicalName: string, parent: pulumi.Resource): pulumi.Output<string> {
  return new DefaultVpc(`${logicalName}-vpc`, {}, { parent }).vpcId;
}

function defaultSubnetId(
  vpcId: pulumi.Output<string>,
  availabilityZone: pulumi.Output<string>,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const filters = [
    { name: "vpc-id", values: [vpcId] },
    { name: "availability-zone", values: [availabilityZone] },
    { name: "default-for-az", values: ["true"] },
  ];
  return pulumi
    .all([aws.ec2.getSubnetsOutput({ filters }, { parent }), availabilityZone])
    .apply(([{ ids }, zone]) => {
      if (ids[0]) return ids[0];
      throw infraError("SUBNET_MISSING", { zone });
    });
}

/** The group that every VPC has. */
function defaultGroupId(vpcId: pulumi.Output<string>, parent: pulumi.Resource): pulumi.Output<string> {
  return aws.ec2.getSecurityGroupOutput({ vpcId, name: "default" }, { parent }).id;
}
