import assert from "node:assert/strict";
import { awsFaults, recognised } from "../../../../cli/deployments/aws-faults";
import { bridged, type Case, ec2, provider, recognises } from "../../../support/aws-texts";

const DOCS =
  "Please see https://www.pulumi.com/registry/packages/aws/installation-configuration/ for more information about providing credentials.\n" +
  "NEW: You can use Pulumi ESC to set up dynamic credentials with AWS OIDC to ensure the correct and valid credentials are used.";
const STS =
  "unable to validate AWS credentials.\nDetails: validating provider credentials: retrieving caller identity from STS: operation error STS: GetCallerIdentity, https response error StatusCode: 403, RequestID: 1, api error";
const ME = "User: arn:aws:iam::123456789012:user/me is not authorized to perform:";

const cases: Case[] = [
  [
    "Could not automatically download and install resource plugin 'pulumi-resource-aws' at version v7.48.0, install the plugin using `pulumi plugin install resource aws v7.48.0`: error downloading provider aws to file: failed to download plugin: aws-7.48.0: failed all 5 attempts\n" +
      'error downloading provider: Get "https://get.pulumi.com/releases/plugins/pulumi-resource-aws-v7.48.0-linux-amd64.tar.gz": dial tcp: lookup get.pulumi.com on 10.0.0.53:53: no such host',
    "PLUGIN_UNAVAILABLE",
    /plugin aws v7\.48\.0 is not here .*: dial tcp: lookup get\.pulumi\.com on 10\.0\.0\.53:53: no such host$/,
    /HTTPS_PROXY.*PULUMI_HOME=\/h\/pulumi \/e\/pulumi plugin install resource aws v7\.48\.0 --file/s,
  ],
  [
    "Could not automatically download and install resource plugin 'pulumi-resource-awsx' at version v3.9.0, install the plugin using `pulumi plugin install resource awsx v3.9.0`: error downloading provider awsx to file: failed to download plugin: awsx-3.9.0: 403 HTTP error fetching plugin",
    "PLUGIN_UNAVAILABLE",
    /awsx v3\.9\.0 .*: awsx-3\.9\.0: 403 HTTP error/,
  ],
  [
    provider(`No valid credential sources found.\n${DOCS}`),
    "AWS_CREDENTIALS_MISSING",
    /No valid credential sources found\.$/,
    /^aws configure$/,
  ],
  [
    provider(
      `${STS.split("\n")[0]}\nDetails: No valid credential sources found. Error: failed to refresh cached credentials, no EC2 IMDS role found, operation error ec2imds: GetMetadata, request canceled, context deadline exceeded\n`,
    ),
    "AWS_CREDENTIALS_MISSING",
    /./,
  ],
  [
    provider(
      'The AWS SSO session for profile "corp" has expired or was not found.\nRun `aws sso login --profile corp` to sign in again, then retry.',
    ),
    "AWS_CREDENTIALS_EXPIRED",
    /profile "corp" has expired/,
    /^aws sso login --profile corp$/,
  ],
  [
    provider(
      "The AWS login session for the default profile has expired or was not found.\nRun `aws login` to sign in again, then retry.",
    ),
    "AWS_CREDENTIALS_EXPIRED",
    /login session/,
    /^aws login$/,
  ],
  [
    "The SSO session associated with this profile has expired. To refresh this SSO session run aws sso login with the corresponding profile.",
    "AWS_CREDENTIALS_EXPIRED",
    /SSO session/,
    /^aws sso login$/,
  ],
  [
    provider('The AWS profile "nope" was not found.\nConfigured profiles: myproj.'),
    "AWS_PROFILE_UNKNOWN",
    /"nope" was not found/,
    /list-profiles/,
  ],
  [
    provider(`${STS} ExpiredToken: The security token included in the request is expired\n`),
    "AWS_CREDENTIALS_EXPIRED",
    /have expired/,
    /AWS_SESSION_TOKEN/,
  ],
  [
    provider(`The configured AWS credentials are invalid or have expired.\n${DOCS}`),
    "AWS_CREDENTIALS_INVALID",
    /invalid or have expired/,
    /get-caller-identity/,
  ],
  [provider(`Invalid credentials configured.\n${DOCS}`), "AWS_CREDENTIALS_INVALID", /./],
  [
    provider(`${STS} InvalidClientTokenId: The security token included in the request is invalid.\n`),
    "AWS_CREDENTIALS_INVALID",
    /./,
  ],
  [
    provider(
      `${STS} SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided.\n`,
    ),
    "AWS_CREDENTIALS_INVALID",
    /signature/,
  ],
  [
    provider(
      `${STS} SignatureDoesNotMatch: Signature expired: 20261122T101010Z is now earlier than 20261122T112010Z (20261122T113510Z - 15 min.)\n`,
    ),
    "AWS_CLOCK_WRONG",
    /Signature expired/,
    /date -u/,
  ],
  [
    ec2(
      "reading EC2 VPCs",
      "DescribeVpcs",
      "OptInRequired: You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe.",
    ),
    "AWS_REGION_DISABLED",
    /OptInRequired/,
    /enable-region/,
  ],
  [
    bridged(
      "reading EC2 VPCs",
      "EC2: DescribeVpcs",
      401,
      "api error AuthFailure: AWS was not able to validate the provided access credentials",
    ),
    "AWS_REGION_DISABLED",
    /AuthFailure/,
  ],
  ["invalid AWS Region: eu-middle-1", "AWS_REGION_UNKNOWN", /eu-middle-1/, /describe-regions/],
  [
    provider(
      "missing region information\nMake sure you have set your AWS region, e.g. `pulumi config set aws:region us-west-2`.",
    ),
    "AWS_REGION_UNKNOWN",
    /missing region/,
  ],
  [
    bridged(
      "creating Lambda Function (nami-orders-pre-queue-1f3a)",
      "Lambda: CreateFunction",
      403,
      `api error AccessDeniedException: ${ME} lambda:CreateFunction on resource: arn:aws:lambda:us-east-1:123456789012:function:nami-orders-pre-queue-1f3a because no identity-based policy allows the lambda:CreateFunction action`,
    ),
    "AWS_ACTION_DENIED",
    /^arn:aws:iam::123456789012:user\/me may not do lambda:CreateFunction on arn:aws:lambda:us-east-1:123456789012:function:nami-orders-pre-queue-1f3a\. AWS refuses it because no identity-based policy allows the lambda:CreateFunction action\.$/,
    /^aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::123456789012:user\/me --action-names lambda:CreateFunction$/,
  ],
  [
    ec2(
      "creating EC2 Instance",
      "RunInstances",
      "UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/Dev/me is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-1:123456789012:instance/* because no identity-based policy allows the ec2:RunInstances action. Encoded authorization failure message: g4oZPBqZ4Bni8dE5dGjxYTnOZg4oZPBqZ4Bni8dE5dGjxYTnOZ",
    ),
    "AWS_ACTION_DENIED",
    /assumed-role\/Dev\/me may not do ec2:RunInstances on arn:aws:ec2:us-east-1:123456789012:instance\/\*/,
    /--policy-source-arn arn:aws:iam::123456789012:role\/Dev --action-names ec2:RunInstances/,
  ],
  [
    bridged("creating IAM Role (x)", "IAM: CreateRole", 403, "api error AccessDenied: Access Denied"),
    "AWS_ACTION_DENIED",
    /^The user of these credentials may not do iam:CreateRole on what it needs\.\s*$/,
    /get-caller-identity/,
  ],
  [
    ec2(
      "creating EC2 Instance",
      "RunInstances",
      "UnauthorizedOperation: You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/Dev/me is not authorized to perform: ec2:RunInstances on resource: arn:aws:ec2:us-east-2:123456789012:instance/* with an explicit deny in a service control policy. Encoded authorization failure message: g4oZPBqZ4Bni8dE5dGjxYTnOZ",
    ),
    "AWS_ACTION_FORBIDDEN",
    /\(service control policy\) forbids ec2:RunInstances on arn:aws:ec2:us-east-2/,
    /administrator/,
  ],
  [
    bridged(
      "creating SSM Parameter (x)",
      "SSM: PutParameter",
      400,
      `api error AccessDeniedException: ${ME} kms:Encrypt on resource: arn:aws:kms:us-east-1:123456789012:key/1 because no identity-based policy allows the kms:Encrypt action (Service: AWSKMS; Status Code: 400)`,
    ),
    "AWS_KEY_DENIED",
    /kms:Encrypt/,
    /get-key-policy/,
  ],
  [
    bridged(
      "creating Lambda Function (x)",
      "Lambda: CreateFunction",
      400,
      "InvalidParameterValueException: Lambda was unable to configure access to your environment variables because the KMS key is invalid for CreateGrant. Please check your KMS key settings.",
    ),
    "AWS_KEY_DENIED",
    /CreateGrant/,
  ],
  [
    bridged(
      "creating EC2 Instance",
      "EC2: RunInstances",
      500,
      "api error InsufficientInstanceCapacity: We currently do not have sufficient t4g.small capacity in the Availability Zone you requested (us-east-1a). Our system will be working on provisioning additional capacity. You can currently get t4g.small capacity by not specifying an Availability Zone in your request or choosing us-east-1b, us-east-1c.",
    ),
    "AWS_CAPACITY_SHORT",
    /us-east-1a/,
    /a few minutes/,
  ],
  [
    ec2(
      "creating EC2 Instance",
      "RunInstances",
      "Unsupported: Your requested instance type (t4g.small) is not supported in your requested Availability Zone (us-east-1e). Please retry your request by not specifying an Availability Zone or choosing us-east-1a, us-east-1b.",
    ),
    "AWS_NOT_OFFERED",
    /us-east-1e/,
    /describe-instance-type-offerings/,
  ],
  [
    "invocation of aws:ec2/getVpc:getVpc returned an error: invoking aws:ec2/getVpc:getVpc: 1 error occurred:\n\t* no matching EC2 VPC found\n\n",
    "DEFAULT_VPC_MISSING",
    /no matching EC2 VPC found/,
    /create-default-vpc/,
  ],
  ["Error: unable to find default VPC for this region and account", "DEFAULT_VPC_MISSING", /./],
  [
    ec2(
      "creating EC2 Instance",
      "RunInstances",
      "VPCIdNotSpecified: No default VPC for this user. GroupName is only supported for EC2-Classic and default VPC.",
    ),
    "DEFAULT_VPC_MISSING",
    /No default VPC/,
  ],
  [
    bridged(
      "creating SQS Queue (x)",
      "SQS: CreateQueue",
      400,
      "QueueDeletedRecently: You must wait 60 seconds after deleting a queue before you can create another with the same name.",
    ),
    "AWS_NAME_LEAVING",
    /60 seconds/,
    /wait a minute/,
  ],
  [
    bridged(
      "creating IAM Role (x)",
      "IAM: CreateRole",
      409,
      "EntityAlreadyExists: Role with name x already exists.",
    ),
    "AWS_NAME_TAKEN",
    /Role with name x/,
    /--state/,
  ],
  [
    bridged(
      "creating Lambda Function (x)",
      "Lambda: CreateFunction",
      409,
      "ResourceConflictException: Function already exist: x",
    ),
    "AWS_NAME_TAKEN",
    /already exist: x/,
  ],
  [
    bridged(
      "creating CloudWatch Logs Log Group (x)",
      "CloudWatch Logs: CreateLogGroup",
      400,
      "ResourceAlreadyExistsException: The specified log group already exists",
    ),
    "AWS_NAME_TAKEN",
    /log group/,
  ],
  [
    bridged(
      "creating API Gateway v2 Route",
      "ApiGatewayV2: CreateRoute",
      409,
      "ConflictException: Route with key ANY /orders already exists for this API",
    ),
    "AWS_NAME_TAKEN",
    /ANY \/orders/,
  ],
  [
    ec2(
      "deleting Security Group (sg-0)",
      "DeleteSecurityGroup",
      "DependencyViolation: resource sg-0 has a dependent object",
    ),
    "AWS_STILL_IN_USE",
    /sg-0 has a dependent object/,
    /45 minutes/,
  ],
  [
    bridged(
      "deleting IAM Role (x)",
      "IAM: DeleteRole",
      409,
      "DeleteConflict: Cannot delete entity, must delete policies first.",
    ),
    "AWS_STILL_IN_USE",
    /policies first/,
  ],
  [
    bridged(
      "creating API Gateway v2 Integration",
      "ApiGatewayV2: CreateIntegration",
      429,
      "TooManyRequestsException: Too Many Requests",
    ),
    "AWS_THROTTLED",
    /Too Many/,
    /wait a minute/,
  ],
  [
    "creating SSM Parameter (x): operation error SSM: PutParameter, exceeded maximum number of attempts, 25, https response error StatusCode: 400, RequestID: 1, api error ThrottlingException: Rate exceeded",
    "AWS_THROTTLED",
    /Rate exceeded \(request 1\)/,
  ],
  [
    ec2("reading EC2 VPCs", "DescribeVpcs", "RequestLimitExceeded: Request limit exceeded."),
    "AWS_THROTTLED",
    /./,
  ],
  [
    provider(
      'unable to validate AWS credentials.\nDetails: retrieving AWS account details: validating provider credentials: retrieving caller identity from STS: operation error STS: GetCallerIdentity, exceeded maximum number of attempts, 25, https response error StatusCode: 0, RequestID: , request send failed, Post "https://sts.us-east-1.amazonaws.com/": dial tcp: lookup sts.us-east-1.amazonaws.com: no such host\n',
    ),
    "AWS_UNREACHABLE",
    /no such host/,
    /curl -sI/,
  ],
];

describe("a text of AWS or its provider", () => {
  recognises(cases);

  it("stands here for every entry, which says where it is from", () => {
    const texts = cases.map(([text]) => text);
    for (const { pattern, source } of awsFaults) {
      assert.ok(
        texts.some((text) => pattern.test(text)),
        `${pattern} is tried by no text`,
      );
      assert.ok(source.length > 10);
    }
  });

  it("that is not in the table has no code", () => {
    for (const text of [
      "creating Lambda Function (x): operation error Lambda: CreateFunction, https response error StatusCode: 400, RequestID: 1, InvalidParameterValueException: Uploaded file must be a non-empty zip",
      "An input of aws:sqs/queue:Queue is not known yet; the engine should have waited.",
      "TypeError: x is not a function",
    ])
      assert.equal(recognised(text), undefined, text);
  });
});
