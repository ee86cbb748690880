import { bridged, ec2 } from "./aws-texts";

const busy = (doing: string, operation: string) =>
  bridged(
    doing,
    operation,
    409,
    "ConflictException: Unable to complete operation due to concurrent modification.",
  );
const missing = (what: string) =>
  `  sdk-v2/provider2.go:572: sdk.helper_schema: ${what}: couldn't find resource: provider=aws@7.48.0\n`;

/** By type of what a name is made of: something that AWS or its provider says when it does not do what it is asked. */
export const refusals: Record<string, string> = {
  "aws:ebs/volume:Volume": ec2(
    "creating EBS Volume",
    "CreateVolume",
    "VolumeLimitExceeded: Maximum number of volumes reached",
  ),
  "aws:ssm/parameter:Parameter": bridged(
    "creating SSM Parameter (x)",
    "SSM: PutParameter",
    400,
    "TooManyUpdates: ",
  ),
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": bridged(
    "creating DLM Lifecycle Policy",
    "DLM: CreateLifecyclePolicy",
    429,
    "LimitExceededException: The request failed because a limit was exceeded.",
  ),
  "aws:iam/role:Role": bridged(
    "creating IAM Role (x)",
    "IAM: CreateRole",
    409,
    "LimitExceeded: Cannot exceed quota for RolesPerAccount: 1000",
  ),
  "aws:iam/rolePolicy:RolePolicy": bridged(
    "putting IAM Role (x) Policy (x)",
    "IAM: PutRolePolicy",
    500,
    "ServiceFailure: ",
  ),
  "aws:iam/instanceProfile:InstanceProfile": bridged(
    "creating IAM Instance Profile (x)",
    "IAM: CreateInstanceProfile",
    400,
    "api error Throttling: Rate exceeded",
  ),
  "aws:cloudwatch/logGroup:LogGroup": bridged(
    "creating CloudWatch Logs Log Group (x)",
    "CloudWatch Logs: CreateLogGroup",
    400,
    "OperationAbortedException: A conflicting operation is currently in progress against this resource.",
  ),
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": bridged(
    "putting CloudWatch Logs Metric Filter (x)",
    "CloudWatch Logs: PutMetricFilter",
    503,
    "ServiceUnavailableException: The service cannot complete the request.",
  ),
  "aws:cloudwatch/metricAlarm:MetricAlarm": bridged(
    "creating CloudWatch Metric Alarm (x)",
    "CloudWatch: PutMetricAlarm",
    400,
    "LimitExceeded: The maximum limit of 5000 alarms has been reached.",
  ),
  "aws:cloudwatch/dashboard:Dashboard": bridged(
    "putting CloudWatch Dashboard (x)",
    "CloudWatch: PutDashboard",
    500,
    "InternalServiceError: ",
  ),
  "aws:cloudwatch/eventRule:EventRule": bridged(
    "creating EventBridge Rule (x)",
    "EventBridge: PutRule",
    400,
    "ConcurrentModificationException: Rule x was modified concurrently",
  ),
  "aws:cloudwatch/eventTarget:EventTarget": bridged(
    "creating EventBridge Target (x)",
    "EventBridge: PutTargets",
    500,
    "InternalException: ",
  ),
  "aws:sns/topic:Topic": bridged("creating SNS Topic (x)", "SNS: CreateTopic", 403, "TopicLimitExceeded: "),
  "aws:sns/topicPolicy:TopicPolicy": bridged(
    "setting SNS Topic Policy (x)",
    "SNS: SetTopicAttributes",
    500,
    "InternalError: ",
  ),
  "aws:sns/topicSubscription:TopicSubscription": bridged(
    "creating SNS Topic Subscription",
    "SNS: Subscribe",
    403,
    "SubscriptionLimitExceeded: ",
  ),
  "aws:sqs/queue:Queue": bridged(
    "creating SQS Queue (x)",
    "SQS: CreateQueue",
    400,
    "AWS.SimpleQueueService.QueueDeletedRecently: You must wait 60 seconds after deleting a queue before you can create another with the same name.",
  ),
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": missing(
    "waiting for SQS Queue attribute (RedriveAllowPolicy) create",
  ),
  "aws:lambda/function:Function": bridged(
    "creating Lambda Function (x)",
    "Lambda: CreateFunction",
    400,
    "CodeStorageExceededException: Code storage limit exceeded.",
  ),
  "aws:lambda/permission:Permission": bridged(
    "adding Lambda Permission (x/y)",
    "Lambda: AddPermission",
    500,
    "ServiceException: ",
  ),
  "aws:lambda/eventSourceMapping:EventSourceMapping": bridged(
    "creating Lambda Event Source Mapping (x)",
    "Lambda: CreateEventSourceMapping",
    429,
    "TooManyRequestsException: Rate Exceeded.",
  ),
  "aws:apigatewayv2/api:Api": busy("creating API Gateway v2 API (x)", "ApiGatewayV2: CreateApi"),
  "aws:apigatewayv2/stage:Stage": busy(
    "creating API Gateway v2 Stage ($default)",
    "ApiGatewayV2: CreateStage",
  ),
  "aws:apigatewayv2/integration:Integration": busy(
    "creating API Gateway v2 Integration",
    "ApiGatewayV2: CreateIntegration",
  ),
  "aws:apigatewayv2/route:Route": bridged(
    "creating API Gateway v2 Route",
    "ApiGatewayV2: CreateRoute",
    429,
    "ConflictException: Maximum number of Routes for this API has been reached. Please contact AWS if you need additional Routes.",
  ),
  "aws:ec2/instance:Instance": ec2(
    "creating EC2 Instance",
    "RunInstances",
    "InsufficientInstanceCapacity: We currently do not have sufficient t4g.small capacity in the Availability Zone you requested (us-east-1a).",
  ),
  "aws:ec2/volumeAttachment:VolumeAttachment": missing(
    "waiting for EBS Volume (vol-1) Attachment (i-1) create",
  ),
  "aws:ec2/securityGroup:SecurityGroup": ec2(
    "creating Security Group (x)",
    "CreateSecurityGroup",
    "InternalError: An internal error has occurred",
  ),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": missing(
    "reading VPC Security Group Rule (sgr-1)",
  ),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": missing(
    "reading VPC Security Group Rule (sgr-1)",
  ),
  "aws:ec2/vpc:Vpc": ec2(
    "creating EC2 VPC",
    "CreateVpc",
    "VpcLimitExceeded: The maximum number of VPCs has been reached.",
  ),
  "aws:ec2/subnet:Subnet": ec2(
    "creating EC2 Subnet",
    "CreateSubnet",
    "SubnetLimitExceeded: The maximum number of subnets has been reached.",
  ),
  "aws:ec2/routeTable:RouteTable": ec2(
    "creating EC2 Route Table",
    "CreateRouteTable",
    "RouteTableLimitExceeded: ",
  ),
  "aws:ec2/routeTableAssociation:RouteTableAssociation": missing(
    "waiting for Route Table Association (rtbassoc-1) create",
  ),
  "aws:ec2/route:Route": missing("waiting for Route in Route Table (rtb-1) create"),
  "aws:ec2/internetGateway:InternetGateway": ec2(
    "creating EC2 Internet Gateway",
    "CreateInternetGateway",
    "InternetGatewayLimitExceeded: The maximum number of internet gateways has been reached.",
  ),
  "aws:ec2/eip:Eip": ec2(
    "creating EC2 EIP",
    "AllocateAddress",
    "AddressLimitExceeded: The maximum number of addresses has been reached.",
  ),
  "aws:ec2/natGateway:NatGateway":
    "waiting for EC2 NAT Gateway (nat-1) create: unexpected state 'failed', wanted target 'available'",
};
