import { AwsError } from "../aws-error";
import type { PolicyDocument } from "../services";

const everywhere = (...Action: string[]): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
});

const LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

/**
 * What AWS's own policies allow, of those the local target lets a role have.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const documents: Record<string, PolicyDocument> = {
  "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole": everywhere(...LOGS),
  "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole": everywhere(
    ...LOGS,
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ),
  // Of it, what this machine answers; the agent's own calls are not among that.
  "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore": everywhere("ssm:GetParameter", "ssm:GetParameters"),
};

/** @throws AwsError NoSuchEntity */
export function managedPolicy(arn: string): PolicyDocument {
  const document = documents[arn];
  if (document) return document;
  throw new AwsError("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`, 404);
}
