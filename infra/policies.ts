/** IAM documents as pure functions: exact actions on exact ARNs, one function per wire. */

export interface Statement {
  Effect: "Allow";
  Action: string[];
  Resource: string;
}

const allow = (Resource: string, ...Action: string[]): Statement => ({ Effect: "Allow", Action, Resource });

/** The text of a policy. */
export function policy(statements: Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Who may take on a role: one AWS service. */
export function trust(service: "lambda.amazonaws.com" | "ec2.amazonaws.com"): string {
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

/**
 * A function in a VPC makes its own network interfaces. AWS gives these actions no resource to name (the same list as
 * the managed policy AWSLambdaVPCAccessExecutionRole), so this is the one statement on "*".
 */
export function manageNetworkInterfaces(): Statement {
  return allow(
    "*",
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  );
}
