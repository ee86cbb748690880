import assert from "node:assert/strict";
import { quotaIn, quotas } from "../../../../cli/deployments/quotas";
import { bridged, type Case, ec2, recognises } from "../../../support/aws-texts";

const cases: Case[] = [
  [
    ec2("creating EC2 VPC", "CreateVpc", "VpcLimitExceeded: The maximum number of VPCs has been reached."),
    "AWS_QUOTA_REACHED",
    /quota of VPCs in a region is used up: VpcLimitExceeded: .* \(request d0e0226e/,
    /--service-code vpc --quota-code L-F678F1CE/,
  ],
  [
    ec2(
      "creating EC2 EIP",
      "AllocateAddress",
      "AddressLimitExceeded: The maximum number of addresses has been reached.",
    ),
    "AWS_QUOTA_REACHED",
    /Elastic IP/,
    /L-0263D0A3/,
  ],
  [
    ec2(
      "creating EC2 Internet Gateway",
      "CreateInternetGateway",
      "InternetGatewayLimitExceeded: The maximum number of internet gateways has been reached.",
    ),
    "AWS_QUOTA_REACHED",
    /internet gateways/,
    /L-A4707A72/,
  ],
  [
    ec2(
      "creating EC2 NAT Gateway",
      "CreateNatGateway",
      "NatGatewayLimitExceeded: The maximum number of NAT Gateways has been reached.",
    ),
    "AWS_QUOTA_REACHED",
    /NAT gateways/,
    /L-FE5A380F/,
  ],
  [
    ec2(
      "creating Security Group (x)",
      "CreateSecurityGroup",
      "SecurityGroupLimitExceeded: The maximum number of security groups for this VPC has been reached.",
    ),
    "AWS_QUOTA_REACHED",
    /security groups/,
    /L-E79EC296/,
  ],
  [
    ec2(
      "creating EC2 Instance",
      "RunInstances",
      "VcpuLimitExceeded: You have requested more vCPU capacity than your current vCPU limit of 1 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.",
    ),
    "AWS_QUOTA_REACHED",
    /vCPUs/,
    /--service-code ec2 --quota-code L-1216C47A/,
  ],
  [
    bridged(
      "setting Lambda Function (x) concurrency",
      "Lambda: PutFunctionConcurrency",
      400,
      "InvalidParameterValueException: Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [10].",
    ),
    "AWS_QUOTA_REACHED",
    /concurrent executions of Lambda/,
    /L-B99A9384/,
  ],
  [
    bridged(
      "creating Lambda Function (x)",
      "Lambda: CreateFunction",
      400,
      "CodeStorageExceededException: Code storage limit exceeded.",
    ),
    "AWS_QUOTA_REACHED",
    /code storage/,
    /L-2ACBD22F/,
  ],
  [
    bridged(
      "creating API Gateway v2 Route",
      "ApiGatewayV2: CreateRoute",
      429,
      "ConflictException: Maximum number of Routes for this API has been reached. Please contact AWS if you need additional Routes.",
    ),
    "AWS_QUOTA_REACHED",
    /routes of an HTTP API/,
    /list-service-quotas --service-code apigateway/,
  ],
  [
    bridged(
      "creating IAM Role (x)",
      "IAM: CreateRole",
      409,
      "LimitExceeded: Cannot exceed quota for RolesPerAccount: 1000",
    ),
    "AWS_QUOTA_REACHED",
    /IAM roles/,
    /L-FE177D64/,
  ],
  [
    bridged(
      "creating CloudWatch Logs Log Group (x)",
      "CloudWatch Logs: CreateLogGroup",
      400,
      "LimitExceededException: Resource limit exceeded.",
    ),
    "AWS_QUOTA_REACHED",
    /this kind of thing/,
    /list-services/,
  ],
];

describe("a text of AWS about a quota", () => {
  recognises(cases);

  it("stands here for every quota", () => {
    for (const { pattern, what } of quotas)
      assert.ok(
        cases.some(([text]) => pattern.test(text)),
        what,
      );
  });

  it("is none when it is about calls a second", () => {
    assert.equal(quotaIn("RequestLimitExceeded: Request limit exceeded."), undefined);
  });
});
