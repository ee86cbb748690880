import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { makeSnapshots, policy, trust } from "./policies";
import { tags } from "./tags";

/** UTC; Data Lifecycle Manager begins within the hour after it. */
const TIME = "03:45";

export interface SnapshotsArgs {
  /** Of the deployment. */
  name: string;
  volume: aws.ebs.Volume;
  /** How many daily ones are kept. */
  kept: number;
}

/** A snapshot of the data volume every day, by Amazon Data Lifecycle Manager. A `--purge` leaves them: they are backups. */
export class Snapshots extends pulumi.ComponentResource {
  constructor(logicalName: string, args: SnapshotsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nami:data:Snapshots", logicalName, {}, opts);
    const { name, volume, kept } = args;
    const description = `Daily snapshots of the events of ${name}`;
    const role = new aws.iam.Role(
      logicalName,
      { assumeRolePolicy: trust("dlm.amazonaws.com"), description, tags: tags(name, logicalName) },
      { parent: this },
    );
    const rolePolicy = new aws.iam.RolePolicy(
      logicalName,
      { role: role.name, policy: volume.arn.apply((arn) => policy(makeSnapshots(arn))) },
      { parent: this },
    );
    new aws.dlm.LifecyclePolicy(
      logicalName,
      {
        description,
        executionRoleArn: role.arn,
        state: "ENABLED",
        policyDetails: {
          resourceTypes: ["VOLUME"],
          // The one volume that has this tag: see namedTags.
          targetTags: { Name: volume.tags.apply((all) => all!.Name!) },
          schedules: [
            {
              name: "daily",
              createRule: { interval: 24, intervalUnit: "HOURS", times: TIME },
              retainRule: { count: kept },
              tagsToAdd: { "nami:name": name },
              copyTags: false,
            },
          ],
        },
        tags: tags(name, logicalName),
      },
      { parent: this, dependsOn: [rolePolicy] },
    );
    this.registerOutputs();
  }
}
