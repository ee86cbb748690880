import { region, type TypeTable, tags } from "../property-table";

const code = ["code"] as const;

/** Inputs that need a feature the sandboxes do not have (layers, images, file systems, snap start) are not listed. */
export const lambdaFunction: TypeTable = {
  type: "aws:lambda/function:Function",
  autoName: { property: "name", maxLength: 64 },
  inputs: {
    ...region,
    ...tags,
    name: { type: "string", replaces: true },
    code: { type: "archive", required: true },
    handler: { type: "string", required: true },
    runtime: { type: "string", required: true, only: ["nodejs20.x", "nodejs22.x", "nodejs24.x"] },
    role: { type: "string", required: true },
    architectures: { type: "strings", default: ["x86_64"] },
    description: { type: "string" },
    environment: { type: { object: { variables: { type: "map" } } } },
    ephemeralStorage: { type: { object: { size: { type: "number", min: 512, max: 10_240 } } } },
    kmsKeyArn: { type: "string" },
    loggingConfig: {
      type: {
        object: {
          logFormat: { type: "string", required: true, only: ["Text"] },
          logGroup: { type: "string" },
        },
      },
    },
    memorySize: { type: "number", default: 128, min: 128, max: 10_240 },
    packageType: { type: "string", default: "Zip", replaces: true, only: ["Zip"] },
    publish: { type: "boolean", default: false, only: [false] },
    replaceSecurityGroupsOnDestroy: { type: "boolean" },
    replacementSecurityGroupIds: { type: "set" },
    reservedConcurrentExecutions: { type: "number", default: -1, only: [-1] },
    skipDestroy: { type: "boolean", default: false, only: [false] },
    timeout: { type: "number", default: 3, min: 1, max: 900 },
    tracingConfig: { type: { object: { mode: { type: "string", required: true } } } },
    vpcConfig: {
      type: {
        object: {
          ipv6AllowedForDualStack: { type: "boolean" },
          securityGroupIds: { type: "set", required: true },
          subnetIds: { type: "set", required: true },
        },
      },
    },
  },
  outputs: {
    arn: {},
    codeSha256: { changesWith: code },
    invokeArn: {},
    lastModified: { changesWith: "*" },
    qualifiedArn: {},
    qualifiedInvokeArn: {},
    responseStreamingInvokeArn: {},
    signingJobArn: {},
    signingProfileVersionArn: {},
    sourceCodeHash: { changesWith: code },
    sourceCodeSize: { changesWith: code },
    version: {},
  },
};
