import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";

/** Where the parts of a name stand in a VPC. */
export interface Site {
  vpcId: pulumi.Output<string>;
  /** Public: the Mongo host fetches its packages and its image. */
  hostSubnetId: pulumi.Output<string>;
  /** In the same zone, so that no traffic between zones is paid for; several when there is no host. */
  functionSubnetIds: pulumi.Output<string[]>;
  /** What the functions' way out is made of must stand before them. */
  wayOut: pulumi.Resource[];
}

export interface SiteArgs {
  settings: Pick<Settings, "name" | "vpc" | "egress">;
  /** Where the data volume is; absent with a MongoDB of one's own. */
  zone?: Zone;
}

export interface Zone {
  name: pulumi.Output<string>;
  /** The same as plain text, which a remote component's arguments must be; absent while it is not known. */
  known?: string;
}
