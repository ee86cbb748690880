import { join } from "node:path";
import type { Inputs, Outputs, ResourceRecord } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { CodeStore, type StoredCode } from "../code-store";
import { checkFunctionPlace, checkInterfacePermissions } from "../network/checks";
import { thing } from "../propagation";
import type { FunctionSpec, ResourceKind, Services, VpcConfig } from "../services";
import { iamName } from "./arns";

const TYPE = "aws:lambda/function:Function";
const ENVIRONMENT_BYTES = 4096;

function environment(inputs: Inputs): Record<string, string> {
  return (inputs.environment as { variables?: Record<string, string> } | undefined)?.variables ?? {};
}

function functionArn(inputs: Inputs): string {
  return arn("lambda", String(inputs.region), `function:${inputs.name}`);
}

/** Empty lists are no VPC, as with AWS's API. */
function vpcConfig(inputs: Inputs): VpcConfig | undefined {
  const given = inputs.vpcConfig as
    | (Omit<VpcConfig, "ipv6"> & { ipv6AllowedForDualStack?: boolean })
    | undefined;
  if (!given || given.subnetIds.length + given.securityGroupIds.length === 0) return undefined;
  const { subnetIds, securityGroupIds, ipv6AllowedForDualStack: ipv6 = false } = given;
  return { subnetIds, securityGroupIds, ipv6 };
}

/** Where the code of functions lies under NAMI_HOME/host. */
export function codeStore(dir: string): CodeStore {
  return new CodeStore(join(dir, "code"));
}

function spec(services: Services, inputs: Inputs): FunctionSpec {
  const logging = inputs.loggingConfig as { logGroup?: string } | undefined;
  const place = vpcConfig(inputs);
  return {
    name: String(inputs.name),
    arn: functionArn(inputs),
    region: String(inputs.region),
    handler: String(inputs.handler),
    timeout: Number(inputs.timeout),
    memorySize: Number(inputs.memorySize),
    environment: environment(inputs),
    roleName: iamName(String(inputs.role)),
    codeDir: codeStore(services.dir).folder(inputs.code as StoredCode),
    logGroup: logging?.logGroup ?? `/aws/lambda/${inputs.name}`,
    ...(place ? { vpcConfig: place } : {}),
  };
}

/** What AWS refuses when a function is made or changed. */
function validate(services: Services, inputs: Inputs): void {
  const bytes = Buffer.byteLength(JSON.stringify(environment(inputs)));
  if (bytes > ENVIRONMENT_BYTES) {
    const message = `the environment variables of ${inputs.name} are ${bytes} bytes; AWS allows ${ENVIRONMENT_BYTES}.`;
    throw new AwsError("InvalidParameterValueException", message);
  }
  try {
    const role = iamName(String(inputs.role));
    if (services.propagation.state(thing("aws:iam/role:Role", role))) throw new Error("It was just made.");
    services.iam.credentialsFor(iamName(String(inputs.role)), "lambda.amazonaws.com");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `The role defined for the function cannot be assumed by Lambda. ${why}`;
    throw new AwsError("InvalidParameterValueException", message);
  }
  const place = vpcConfig(inputs);
  if (place) validatePlace(services, inputs, place);
}

function validatePlace(services: Services, inputs: Inputs, place: VpcConfig): void {
  const region = String(inputs.region);
  const role = { roleName: iamName(String(inputs.role)), session: String(inputs.name) };
  checkInterfacePermissions(services.iam, role, region, place.subnetIds);
  checkFunctionPlace(services.network.in(region), place);
}

/**
 * terraform-provider-aws gives a function other groups before it deletes it, if it is asked to, so that its own can go
 * at once: AWS keeps the interfaces of a deleted function for a while (lambda/function.go, replaceSecurityGroups).
 */
function lastGroups(services: Services, inputs: Inputs, place: VpcConfig): string[] {
  if (inputs.replaceSecurityGroupsOnDestroy !== true) return place.securityGroupIds;
  const network = services.network.in(String(inputs.region));
  const vpc = network.vpcs.get(network.subnets.get(place.subnetIds[0]!)?.vpcId ?? "");
  const given = (inputs.replacementSecurityGroupIds as string[] | undefined) ?? [];
  const securityGroupIds = given.length > 0 ? given : vpc ? [vpc.groupId] : [];
  checkFunctionPlace(network, { ...place, securityGroupIds });
  return securityGroupIds;
}

async function leaveNetwork(services: Services, record: ResourceRecord): Promise<void> {
  const place = vpcConfig(record.inputs);
  if (!place) return;
  const given = { ...place, securityGroupIds: lastGroups(services, record.inputs, place) };
  const left = { ...record, inputs: { ...record.inputs, vpcConfig: given } };
  await services.lingering.add(left, `network interfaces of ${thing(TYPE, record.id)}`, "in-use");
}

/** As Lambda writes times: 2026-11-23T04:00:00.000+0000. */
function lambdaTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace("Z", "+0000");
}

function outputs(services: Services, inputs: Inputs): Outputs {
  const own = functionArn(inputs);
  const region = String(inputs.region);
  const invoke = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions`;
  const { sha256, size } = inputs.code as StoredCode;
  return {
    arn: own,
    codeSha256: sha256,
    invokeArn: `${invoke}/${own}/invocations`,
    lastModified: lambdaTime(services.clock.now()),
    qualifiedArn: `${own}:$LATEST`,
    qualifiedInvokeArn: `${invoke}/${own}:$LATEST/invocations`,
    responseStreamingInvokeArn: `arn:aws:apigateway:${region}:lambda:path/2021-11-15/functions/${own}/response-streaming-invocations`,
    signingJobArn: "",
    signingProfileVersionArn: "",
    sourceCodeHash: sha256,
    sourceCodeSize: size,
    version: "$LATEST",
  };
}

/** AWS refuses a second change before the first one is done. */
function refuseWhilePassing(services: Services, name: string): void {
  const state = services.propagation.state(thing(TYPE, name));
  if (!state) return;
  const message =
    state === "Pending"
      ? "The operation cannot be performed at this time. The function is currently in the following state: Pending"
      : `The operation cannot be performed at this time. An update is in progress for resource: ${name}`;
  throw new AwsError("ResourceConflictException", message, 409);
}

/**
 * What UpdateFunctionCode does: another zip for a function that stays as it is. Answers the record to be kept. The
 * program knows nothing of it, and replaces it when its own code has changed.
 */
export async function withCode(
  services: Services,
  record: ResourceRecord,
  zip: Buffer,
): Promise<ResourceRecord> {
  refuseWhilePassing(services, record.id);
  const inputs = { ...record.inputs, code: keptZip(services, zip) };
  await services.propagation.begin(thing(TYPE, record.id), "InProgress", () =>
    services.functions.put(spec(services, inputs)),
  );
  return { ...record, inputs, outputs: { ...record.outputs, ...outputs(services, inputs) } };
}

function keptZip(services: Services, zip: Buffer): StoredCode {
  try {
    return codeStore(services.dir).keepZip(zip);
  } catch (error) {
    const message = `Could not unzip uploaded file. ${(error as Error).message}`;
    throw new AwsError("InvalidParameterValueException", message);
  }
}

export const lambdaFunction: ResourceKind = {
  type: TYPE,
  async create(services, { inputs }) {
    const name = String(inputs.name);
    if (services.find(TYPE, name)) {
      throw new AwsError("ResourceConflictException", `Function already exist: ${name}`, 409);
    }
    validate(services, inputs);
    services.functions.put(spec(services, inputs));
    await services.propagation.begin(thing(TYPE, name), "Pending");
    return { id: name, outputs: outputs(services, inputs) };
  },
  async restore(services, record) {
    if (!this.isWhole!(services, record))
      throw new Error("its code is missing or damaged on this machine's disk");
    services.functions.put(spec(services, record.inputs));
  },
  isWhole: (services, record) => codeStore(services.dir).isWhole(record.inputs.code as StoredCode),
  async update(services, record, inputs) {
    refuseWhilePassing(services, record.id);
    validate(services, inputs);
    await services.propagation.begin(thing(TYPE, record.id), "InProgress", () =>
      services.functions.put(spec(services, inputs)),
    );
    return outputs(services, inputs);
  },
  async delete(services, record) {
    services.propagation.forget(thing(TYPE, record.id));
    await leaveNetwork(services, record);
    await services.functions.remove(record.id);
  },
};
