/** IAM documents as pure functions: exact actions on exact ARNs, one function per wire. */

export interface Statement {
  Effect: "Allow";
  Action: string[];
  Resource: string | string[];
}

type Resources = Statement["Resource"];

const allow = (Resource: Resources, ...Action: string[]): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
});

/** The text of a policy. */
export function policy(statements: Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Who may take on a role: one AWS service. */
export function trust(service: "lambda.amazonaws.com" | "ec2.amazonaws.com" | "dlm.amazonaws.com"): string {
  const statement = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

export function sendMessages(queueArn: string): Statement {
  return allow(queueArn, "sqs:SendMessage");
}

/** What an event source mapping does in the name of its function's role. */
export function receiveMessages(queueArn: string): Statement {
  return allow(queueArn, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes");
}

/** `:*` = the streams of the group, which is what is written to. */
export function writeLogs(logGroupArn: string): Statement {
  return allow(`${logGroupArn}:*`, "logs:CreateLogStream", "logs:PutLogEvents");
}

export function readParameter(parameterArn: string): Statement {
  return allow(parameterArn, "ssm:GetParameter");
}

export function readAndWriteParameter(parameterArn: string): Statement {
  return allow(parameterArn, "ssm:GetParameter", "ssm:PutParameter");
}

export function invokeFunction(functionArn: string): Statement {
  return allow(functionArn, "lambda:InvokeFunction");
}

export function switchMapping(mappingArn: string): Statement {
  return allow(mappingArn, "lambda:GetEventSourceMapping", "lambda:UpdateEventSourceMapping");
}

/**
 * Lambda makes the network interfaces of a function in a VPC in the name of its role. Describing has no resource to name.
 * Which interfaces there will be nobody knows before, and deleting must be granted for all of an account's; the subnet of
 * a shared VPC is another account's.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 * @param account of the function, e.g. "arn:aws:ec2:us-east-1:123456789012"
 */
export function manageNetworkInterfaces(account: string): Statement[] {
  const [, partition, , region] = account.split(":");
  return [
    allow("*", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"),
    allow([`${account}:*/*`, `arn:${partition}:ec2:${region}:*:subnet/*`], "ec2:CreateNetworkInterface"),
    allow(
      `${account}:*/*`,
      "ec2:DeleteNetworkInterface",
      "ec2:AssignPrivateIpAddresses",
      "ec2:UnassignPrivateIpAddresses",
    ),
  ];
}

/**
 * What Data Lifecycle Manager does in the name of its role. A snapshot has no id before it is made, and what describes
 * has no resource at all.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export function makeSnapshots(volumeArn: string): Statement[] {
  const [, partition, , region] = volumeArn.split(":");
  const snapshots = `arn:${partition}:ec2:${region}::snapshot/*`;
  return [
    allow([volumeArn, snapshots], "ec2:CreateSnapshot"),
    allow(snapshots, "ec2:DeleteSnapshot", "ec2:CreateTags"),
    allow("*", "ec2:DescribeVolumes", "ec2:DescribeInstances", "ec2:DescribeSnapshots"),
  ];
}

/**
 * Who may write to a topic: CloudWatch, about the alarms of one name.
 * @param alarms ARN pattern, e.g. "arn:aws:cloudwatch:us-east-1:123456789012:alarm:nami-orders-*"
 */
export function publishAlarms(topicArn: string, alarms: string): string {
  const statement = {
    Effect: "Allow",
    Principal: { Service: "cloudwatch.amazonaws.com" },
    Action: "sns:Publish",
    Resource: topicArn,
    Condition: {
      ArnLike: { "aws:SourceArn": alarms },
      StringEquals: { "aws:SourceAccount": alarms.split(":")[4] },
    },
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
