import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings";
import { tags } from "../tags";

type Id = pulumi.Output<string>;
type Rule = Omit<aws.vpc.SecurityGroupEgressRuleArgs, "tags">;

/** Rules of a name's security groups. A new group has none: the AWS provider takes away AWS's own "all may go out". */
export class Rules {
  constructor(
    private readonly logicalName: string,
    private readonly settings: Settings,
    private readonly parent: pulumi.Resource,
  ) {}

  /** One port, from the functions' group to the Mongo group, said on both sides. */
  wire(workerGroupId: Id, mongoGroupId: Id): pulumi.Resource[] {
    const { mongoPort } = this.settings;
    const port = { ipProtocol: "tcp", fromPort: mongoPort, toPort: mongoPort };
    return [
      this.out("worker-to-mongo", {
        ...port,
        securityGroupId: workerGroupId,
        referencedSecurityGroupId: mongoGroupId,
      }),
      this.into("mongo-from-worker", {
        ...port,
        securityGroupId: mongoGroupId,
        referencedSecurityGroupId: workerGroupId,
      }),
    ];
  }

  /** The host fetches its packages and the MongoDB image. */
  hostsWayOut(mongoGroupId: Id): pulumi.Resource[] {
    return [80, 443].map((port) =>
      this.out(`mongo-to-${port}`, {
        securityGroupId: mongoGroupId,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        cidrIpv4: "0.0.0.0/0",
        description: "Packages and the MongoDB image",
      }),
    );
  }

  /** Where a MongoDB of the user's is, on which ports and whether it has peers, only its secret URI knows. */
  toOwnMongo(workerGroupId: Id): pulumi.Resource {
    return this.out("worker-to-mongo", {
      securityGroupId: workerGroupId,
      ipProtocol: "tcp",
      fromPort: 0,
      toPort: 65_535,
      cidrIpv4: "0.0.0.0/0",
      description: "The MongoDB of --mongo-uri",
    });
  }

  /** What the user's code may reach is not ours to know: any protocol, any port. */
  wayOut(groupId: Id): pulumi.Resource {
    const all = this.settings.egress === "ipv6" ? { cidrIpv6: "::/0" } : { cidrIpv4: "0.0.0.0/0" };
    const description = "What post-queue code reaches";
    return this.out("egress", { securityGroupId: groupId, ipProtocol: "-1", ...all, description });
  }

  private out(suffix: string, rule: Rule): pulumi.Resource {
    const name = `${this.logicalName}-${suffix}`;
    const args = { ...rule, tags: tags(this.settings.name, name) };
    return new aws.vpc.SecurityGroupEgressRule(name, args, { parent: this.parent });
  }

  private into(suffix: string, rule: Rule): pulumi.Resource {
    const name = `${this.logicalName}-${suffix}`;
    const args = { ...rule, tags: tags(this.settings.name, name) };
    return new aws.vpc.SecurityGroupIngressRule(name, args, { parent: this.parent });
  }
}
