import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type GeneratedSecret, generatedSecret } from "./generated-secret";
import { namedTags } from "./tags";

/** Of the Mongo host; the volume must lie in a zone that offers it. */
export const INSTANCE_TYPE = "t4g.small";

const VOLUME_GB = 20;

/** What outlives the pipeline of a name: the documents, and the password to them. */
export class Data extends pulumi.ComponentResource {
  readonly volume: aws.ebs.Volume;
  readonly password: GeneratedSecret;

  constructor(logicalName: string, args: { name: string }, opts?: pulumi.ComponentResourceOptions) {
    super("nami:data:Data", logicalName, {}, opts);
    this.volume = new aws.ebs.Volume(
      `${logicalName}-mongo`,
      {
        availabilityZone: offeringZone(this),
        size: VOLUME_GB,
        type: "gp3",
        encrypted: true,
        tags: namedTags(args.name, `${logicalName}-mongo`),
      },
      // AWS may list its zones anew; that must never replace a volume full of documents.
      { parent: this, ignoreChanges: ["availabilityZone"] },
    );
    this.password = generatedSecret(
      `${logicalName}-mongo-password`,
      { name: args.name, description: `Password of the MongoDB of ${args.name}` },
      { parent: this },
    );
    this.registerOutputs();
  }
}

/** The first zone, by name, where the Mongo host's instance type is to be had. */
function offeringZone(parent: pulumi.Resource): pulumi.Output<string> {
  const offerings = aws.ec2.getInstanceTypeOfferingsOutput(
    { locationType: "availability-zone", filters: [{ name: "instance-type", values: [INSTANCE_TYPE] }] },
    { parent },
  );
  return offerings.locations.apply((zones) => [...zones].sort()[0]!);
}
