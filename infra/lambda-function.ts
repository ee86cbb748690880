import { existsSync, readFileSync } from "node:fs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { environment } from "./environment";
import { type HandlerSettings, handlerFactory } from "./handler-factory";
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
      .apply(([logGroupArn, statements]) =>
        policy(functionStatements(logGroupArn, statements, !!args.network)),
      );
    this.rolePolicy = new aws.iam.RolePolicy(
      logicalName,
      { role: role.name, policy: document },
      { parent: this },
    );
    this.resource = new aws.lambda.CallbackFunction(logicalName, this.functionArgs(logicalName, role, args), {
      parent: this,
      dependsOn: [this.rolePolicy, this.logGroup, ...(args.network?.after ?? [])],
    });
    this.registerOutputs();
  }

  private functionArgs(
    logicalName: string,
    role: aws.iam.Role,
    args: LambdaFunctionArgs,
  ): aws.lambda.CallbackFunctionArgs<unknown, unknown> {
    return {
      description: args.description,
      callbackFactory: handlerFactory(args.bundlePath, args.settings),
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

function functionStatements(logGroupArn: string, statements: Statement[], inVpc: boolean): Statement[] {
  const [, partition, , region, account] = logGroupArn.split(":");
  const interfaces = manageNetworkInterfaces(`arn:${partition}:ec2:${region}:${account}`);
  return [...statements, writeLogs(logGroupArn), ...(inVpc ? interfaces : [])];
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
