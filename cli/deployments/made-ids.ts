import { crc32 } from "node:zlib";

/** Where a name lives, for ids that say so. */
export interface IdPlace {
  target: string;
  region: string;
  /** Twelve digits. */
  account: string;
  /** http://127.0.0.1:PORT of the local host's AWS; of its queue URLs. */
  awsUrl?: string;
}

export type Inputs = Record<string, unknown>;

/** What lists a kind of thing that bears no tags, or whose tags are found too late. */
export type Listed =
  | "mappings"
  | "statements"
  | "routes"
  | "integrations"
  | "apiMappings"
  | "targets"
  | "subscriptions"
  | "associations";

/**
 * How the id of a thing is found that was asked for and whose answer never came.
 * "inputs": AWS takes the name it is given, and the engine wrote the name down before it asked.
 * "tags": AWS made the id up; it is the part of the ARN that `arn` catches.
 * "list": looked for among its like.
 */
export type Finding =
  | { by: "inputs"; id(inputs: Inputs, place: IdPlace): string }
  | { by: "tags"; service: string; arn: RegExp }
  | { by: "list"; list: Listed };

const text = (inputs: Inputs, key: string) => String(inputs[key]);
const named = (key = "name"): Finding => ({ by: "inputs", id: (inputs) => text(inputs, key) });
const tagged = (service: string, arn: RegExp): Finding => ({ by: "tags", service, arn });
const ec2 = (type: string): Finding => tagged("ec2", new RegExp(`:${type}/([\\w-]+)$`));
const listed = (list: Listed): Finding => ({ by: "list", list });

function queueUrl(inputs: Inputs, { region, account, awsUrl }: IdPlace): string {
  const host = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return `${awsUrl ?? `https://sqs.${region}.${host}`}/${account}/${inputs.name}`;
}

/** A hash of the three, as terraform-provider-aws makes it (ebs_volume_attachment.go, volumeAttachmentID). */
function attachmentId(inputs: Inputs): string {
  return `vai-${crc32(`${inputs.deviceName}-${inputs.instanceId}-${inputs.volumeId}-`)}`;
}

/** As terraform-provider-aws makes it (ec2/vpc_route.go, routeCreateID). */
function routeId({ routeTableId, destinationCidrBlock, destinationIpv6CidrBlock }: Inputs): string {
  return `r-${routeTableId}${crc32(String(destinationCidrBlock ?? destinationIpv6CidrBlock))}`;
}

/**
 * By resource type, the id under which the provider knows it: "Import" at the end of each type's page in
 * https://www.pulumi.com/registry/packages/aws/ and `d.SetId` in terraform-provider-aws 6; ARNs as in
 * https://docs.aws.amazon.com/service-authorization/latest/reference/.
 * A type that is not listed is not looked for: a second one is made.
 */
export const findings: Readonly<Record<string, Finding>> = {
  "aws:iam/role:Role": named(),
  "aws:iam/instanceProfile:InstanceProfile": named(),
  "aws:iam/rolePolicy:RolePolicy": { by: "inputs", id: ({ role, name }) => `${role}:${name}` },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    by: "inputs",
    id: ({ role, policyArn }) => `${role}/${policyArn}`,
  },
  "aws:lambda/function:Function": named(),
  "aws:lambda/eventSourceMapping:EventSourceMapping": listed("mappings"),
  "aws:lambda/permission:Permission": listed("statements"),
  "aws:cloudwatch/logGroup:LogGroup": named(),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
    by: "inputs",
    // As with stages: a filter's name is unique in its log group only.
    id: ({ logGroupName, name }, { target }) =>
      target === "local" ? `${logGroupName}:${name}` : String(name),
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": named(),
  "aws:cloudwatch/dashboard:Dashboard": named("dashboardName"),
  "aws:cloudwatch/eventRule:EventRule": named(),
  "aws:cloudwatch/eventTarget:EventTarget": listed("targets"),
  "aws:ssm/parameter:Parameter": named(),
  "aws:s3/bucket:Bucket": named("bucket"),
  "aws:sqs/queue:Queue": { by: "inputs", id: queueUrl },
  "aws:sqs/queuePolicy:QueuePolicy": named("queueUrl"),
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": named("queueUrl"),
  "aws:sns/topic:Topic": {
    by: "inputs",
    id: ({ name }, { region, account }) => `arn:aws:sns:${region}:${account}:${name}`,
  },
  "aws:sns/topicPolicy:TopicPolicy": named("arn"),
  "aws:sns/topicSubscription:TopicSubscription": listed("subscriptions"),
  "aws:apigatewayv2/api:Api": tagged("apigateway", /::\/apis\/([a-z0-9]+)$/),
  "aws:apigatewayv2/stage:Stage": {
    by: "inputs",
    // A stage's name is unique in its API only; the local host has all APIs in one table.
    id: ({ apiId, name }, { target }) => (target === "local" ? `${apiId}/${name}` : String(name)),
  },
  "aws:apigatewayv2/route:Route": listed("routes"),
  "aws:apigatewayv2/integration:Integration": listed("integrations"),
  "aws:apigatewayv2/domainName:DomainName": named("domainName"),
  "aws:apigatewayv2/apiMapping:ApiMapping": listed("apiMappings"),
  "aws:ebs/volume:Volume": ec2("volume"),
  "aws:ec2/instance:Instance": ec2("instance"),
  "aws:ec2/volumeAttachment:VolumeAttachment": { by: "inputs", id: attachmentId },
  "aws:ec2/securityGroup:SecurityGroup": ec2("security-group"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2("security-group-rule"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2("security-group-rule"),
  "aws:ec2/vpc:Vpc": ec2("vpc"),
  "aws:ec2/subnet:Subnet": ec2("subnet"),
  "aws:ec2/routeTable:RouteTable": ec2("route-table"),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": listed("associations"),
  "aws:ec2/route:Route": { by: "inputs", id: routeId },
  "aws:ec2/internetGateway:InternetGateway": ec2("internet-gateway"),
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": ec2("egress-only-internet-gateway"),
  "aws:ec2/natGateway:NatGateway": ec2("natgateway"),
  "aws:ec2/eip:Eip": ec2("elastic-ip"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpc-endpoint"),
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": tagged("dlm", /:policy\/(policy-\w+)$/),
};
