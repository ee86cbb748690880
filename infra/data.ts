import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { infraError } from "./errors";
import { type GeneratedSecret, generatedSecret } from "./generated-secret";
import { AVAILABILITY_ZONE } from "./option-table/store";
import type { Settings } from "./settings";
import { Snapshots } from "./snapshots";
import { namedTags } from "./tags";

/** What outlives the pipeline of a name: the documents, and the password to them. */
export class Data extends pulumi.ComponentResource {
  readonly volume: aws.ebs.Volume;
  readonly password: GeneratedSecret;

  constructor(logicalName: string, settings: Settings, opts?: pulumi.ComponentResourceOptions) {
    super("nami:data:Data", logicalName, {}, opts);
    const { name, volumeSize, snapshots } = settings;
    const volumeName = `${logicalName}-mongo`;
    this.volume = new aws.ebs.Volume(
      volumeName,
      {
        availabilityZone: offeringZone(settings, this),
        size: volumeSize,
        type: "gp3",
        encrypted: true,
        tags: namedTags(name, volumeName),
      },
      // AWS may list its zones anew; that must never replace a volume full of documents.
      { parent: this, ignoreChanges: ["availabilityZone"] },
    );
    this.password = generatedSecret(
      `${logicalName}-mongo-password`,
      { name, description: `Password of the MongoDB of ${name}` },
      { parent: this },
    );
    if (snapshots > 0) {
      new Snapshots(
        `${logicalName}-snapshots`,
        { name, volume: this.volume, kept: snapshots },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

/**
 * The zone that is wanted, or the first by name, where the Mongo host's instance type is to be had. Throws
 * INSTANCE_TYPE_NOT_OFFERED.
 */
function offeringZone(
  { instanceType, zone: wanted }: Pick<Settings, "instanceType" | "zone">,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  const offerings = aws.ec2.getInstanceTypeOfferingsOutput(
    { locationType: "availability-zone", filters: [{ name: "instance-type", values: [instanceType] }] },
    { parent },
  );
  return offerings.locations.apply((zones) => {
    const [first] = zones.filter((zone) => (wanted ? zone === wanted : AVAILABILITY_ZONE.test(zone))).sort();
    if (first) return first;
    throw infraError("INSTANCE_TYPE_NOT_OFFERED", {
      instanceType,
      where: `in ${wanted ?? "any zone of the region"}`,
    });
  });
}
