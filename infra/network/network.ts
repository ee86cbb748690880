import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FunctionNetwork } from "../lambda-function";
import type { Settings } from "../settings";
import { tags } from "../tags";
import { defaultSite } from "./default-vpc";
import { existingSite } from "./existing-vpc";
import { newSite } from "./new-vpc";
import { Rules } from "./rules";
import type { Site, SiteArgs, Zone } from "./site";

export interface NetworkArgs {
  settings: Settings;
  /** Of the data volume; absent with a MongoDB of one's own. */
  zone?: Zone;
}

/** Functions that reach MongoDB: the operator nothing else, the worker by its way out what the user's code must reach. */
export interface FunctionNetworks {
  worker: FunctionNetwork;
  operator: FunctionNetwork;
}

/** Who may talk to whom: the functions' group reaches the Mongo group on its port, and nothing else does. */
export class Network extends pulumi.ComponentResource {
  readonly hostSubnetId: pulumi.Output<string>;
  /** Absent with a MongoDB of one's own. */
  readonly mongoGroupId?: pulumi.Output<string>;
  /** The two directions of the one wire, and the host's way out. */
  readonly rules: pulumi.Resource[];
  readonly functions: FunctionNetworks;

  constructor(logicalName: string, { settings, zone }: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nami:network:Network", logicalName, {}, opts);
    const site = siteOf(logicalName, { settings, zone }, this);
    const group = (suffix: string, description: string) =>
      new aws.ec2.SecurityGroup(
        `${logicalName}-${suffix}`,
        { vpcId: site.vpcId, description, tags: tags(settings.name, `${logicalName}-${suffix}`) },
        { parent: this },
      ).id;
    const rules = new Rules(logicalName, settings, this);
    const workerGroupId = group("worker", "Nami: functions that reach MongoDB");
    if (zone) {
      this.mongoGroupId = group("mongo", "Nami: the MongoDB host");
      this.rules = [...rules.wire(workerGroupId, this.mongoGroupId), ...rules.hostsWayOut(this.mongoGroupId)];
    } else this.rules = [rules.toOwnMongo(workerGroupId)];
    this.hostSubnetId = site.hostSubnetId;
    const egressGroupId =
      settings.egress === "none" ? undefined : group("egress", "Nami: the way out of post-queue code");
    if (egressGroupId) rules.wayOut(egressGroupId);
    const dualStack = settings.egress === "ipv6";
    this.functions = this.networks(site, { workerGroupId, egressGroupId, dualStack });
    this.registerOutputs();
  }

  private networks(
    site: Site,
    way: { workerGroupId: pulumi.Output<string>; egressGroupId?: pulumi.Output<string>; dualStack: boolean },
  ): FunctionNetworks {
    const { workerGroupId, egressGroupId, dualStack } = way;
    const operator = {
      subnetIds: site.functionSubnetIds,
      securityGroupIds: [workerGroupId],
      replacementSecurityGroupId: defaultGroupId(site.vpcId, this),
      after: [...this.rules, ...site.wayOut],
    };
    if (!egressGroupId) return { worker: operator, operator };
    const securityGroupIds = [workerGroupId, egressGroupId];
    return { worker: { ...operator, securityGroupIds, dualStack }, operator };
  }
}

function siteOf(logicalName: string, args: SiteArgs, parent: pulumi.Resource): Site {
  if (args.settings.vpc === "default") return defaultSite(logicalName, args.zone!, parent);
  if (args.settings.vpc === "new") return newSite(logicalName, args, parent);
  return existingSite(args, parent);
}

/** The group that every VPC has. */
function defaultGroupId(vpcId: pulumi.Output<string>, parent: pulumi.Resource): pulumi.Output<string> {
  return aws.ec2.getSecurityGroupOutput({ vpcId, name: "default" }, { parent }).id;
}
