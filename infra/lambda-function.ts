import { existsSync, readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { environment } from "./environment";
import { type Handler, type HandlerSettings, handlerFactory } from "./handler-factory";
import { manageNetworkInterfaces, policy, type Statement, trust, writeLogs } from "./policies";
import { tags } from "./tags";

/** Where a function stands in a VPC. */
export interface FunctionNetwork {
  subnetIds: pulumi.Output<string[]>;
  securityGroupIds: pulumi.Output<string>[];
  /** Taken on when the function goes, so that its own group can be deleted without waiting for AWS to free it. */
  replacementSecurityGroupId: pulumi.Output<string>;
  /** Its interfaces have IPv6 addresses, too. */
  dualStack?: boolean;
  /** Without these the function would reach nothing. */
  after: pulumi.Resource[];
}

export interface LambdaFunctionArgs {
  /** The deployment. */
  name: string;
  description: string;
  /** Path of the bundle under the program's folder, which is its key in the zip. */
  bundlePath: string;
  settings: HandlerSettings;
  /** The bundle has the user's code in it, and where each line of that comes from. */
  sourceMaps?: boolean;
  /** Another one makes other code of the same bundle: what `nami dev` has put in its place must be replaced. */
  edition?: string;
  /** Secrets go here. */
  variables: Record<string, pulumi.Input<string>>;
  /** MB. */
  memory: number;
  /** Seconds. */
  timeout: number;
  /** Of its log. */
  retentionDays: number;
  /** What it may do beside writing its logs. */
  statements: pulumi.Output<Statement>[];
  network?: FunctionNetwork;
}

/** A function with everything that is its alone: role, exact policy, log group. */
export class LambdaFunction extends pulumi.ComponentResource {
  readonly resource: aws.lambda.Function;
  /** Has it, whoever acts in the name of the function's role. */
  readonly rolePolicy: aws.iam.RolePolicy;
  readonly logGroup: aws.cloudwatch.LogGroup;

  constructor(logicalName: string, args: LambdaFunctionArgs, opts?: pulumi.ComponentResourceOptions) {
    super("nami:lambda:LambdaFunction", logicalName, {}, opts);
    this.logGroup = new aws.cloudwatch.LogGroup(
      logicalName,
      { retentionInDays: args.retentionDays, tags: tags(args.name, logicalName) },
      { parent: this },
    );
    const role = new aws.iam.Role(
      logicalName,
      {
        assumeRolePolicy: trust("lambda.amazonaws.com"),
        description: args.description,
        tags: tags(args.name, logicalName),
      },
      { parent: this },
    );
    const document = pulumi
      .all([this.logGroup.arn, pulumi.all(args.statements)])
      .apply(([logGroupArn, statements]) => policy([...statements, writeLogs(logGroupArn)]));
    this.rolePolicy = new aws.iam.RolePolicy(
      logicalName,
      { role: role.name, policy: document },
      { parent: this },
    );
    this.resource = new aws.lambda.CallbackFunction(logicalName, this.functionArgs(logicalName, role, args), {
      parent: this,
      dependsOn: [this.rolePolicy, this.logGroup, ...this.standing(logicalName, role, args)],
    });
    this.registerOutputs();
  }

  /**
   * What a function in a VPC must have before it. The policy is one of its own: it goes after a function that leaves the
   * VPC has left, for Lambda deletes the interfaces in the name of the role.
   */
  private standing(
    logicalName: string,
    role: aws.iam.Role,
    { network }: LambdaFunctionArgs,
  ): pulumi.Resource[] {
    if (!network) return [];
    const document = this.logGroup.arn.apply((arn) => policy(manageNetworkInterfaces(ec2Account(arn))));
    const interfaces = new aws.iam.RolePolicy(
      `${logicalName}-network`,
      { role: role.name, policy: document },
      { parent: this },
    );
    return [interfaces, ...network.after];
  }

  private functionArgs(
    logicalName: string,
    role: aws.iam.Role,
    args: LambdaFunctionArgs,
  ): aws.lambda.CallbackFunctionArgs<unknown, unknown> {
    return {
      description: args.description,
      callbackFactory: codeOf(args),
      codePathOptions: { extraIncludePaths: [args.bundlePath], extraExcludePackages: programDependencies() },
      role,
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      memorySize: args.memory,
      timeout: args.timeout,
      environment: { variables: environment(logicalName, args.variables) },
      loggingConfig: { logFormat: "Text", logGroup: this.logGroup.name },
      tags: tags(args.name, logicalName),
      ...networkArgs(args.network),
    };
  }
}

function codeOf({ bundlePath, settings, edition, sourceMaps }: LambdaFunctionArgs): () => Handler {
  return handlerFactory(bundlePath, edition ? { ...settings, edition } : settings, { sourceMaps });
}

/** "arn:aws:ec2:us-east-1:123456789012" of any ARN there. */
function ec2Account(arn: string): string {
  const [, partition, , region, account] = arn.split(":");
  return `arn:${partition}:ec2:${region}:${account}`;
}

function networkArgs(
  network: FunctionNetwork | undefined,
): Pick<
  aws.lambda.FunctionArgs,
  "vpcConfig" | "replaceSecurityGroupsOnDestroy" | "replacementSecurityGroupIds"
> {
  if (!network) return {};
  const { subnetIds, securityGroupIds, dualStack } = network;
  return {
    vpcConfig: {
      subnetIds,
      securityGroupIds,
      ...(dualStack && { ipv6AllowedForDualStack: true }),
    },
    replaceSecurityGroupsOnDestroy: true,
    replacementSecurityGroupIds: [network.replacementSecurityGroupId],
  };
}

/**
 * Pulumi packs the dependencies of the program's package.json into every zip; the bundle has all it needs, so each is
 * excluded. A new array for each function: CallbackFunction adds to it.
 */
function programDependencies(): string[] {
  if (!existsSync("package.json")) return [];
  return Object.keys(JSON.parse(readFileSync("package.json", "utf8")).dependencies ?? {});
}
