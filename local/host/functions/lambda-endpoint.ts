import { randomUUID } from "node:crypto";
import { LOCAL_ACCOUNT } from "../../protocol";
import { AwsError } from "../aws-error";
import type { FunctionSpec, Functions, Iam, Identity, MappingSpec, Mappings } from "../services";

export interface LambdaCall {
  method: string;
  /** Path with query, as sent. */
  url: string;
  headers: Record<string, string | undefined>;
  body: Buffer;
  identity: Identity;
  region: string;
}

export interface LambdaReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface LambdaEndpointOptions {
  functions: Functions;
  mappings: Mappings;
  iam: Iam;
  /** Keeps a change made here (a paused mapping) over a restart of the host. */
  saveMapping?: (spec: MappingSpec) => void;
  /** What a function or mapping passes through on its way to work. */
  stateOf?: (what: "function" | "mapping", id: string) => string | undefined;
}

type Route = (
  options: LambdaEndpointOptions,
  call: LambdaCall,
  id: string,
) => Promise<LambdaReply> | LambdaReply;

const ROUTES: [method: string, path: RegExp, route: Route][] = [
  ["POST", /^\/2015-03-31\/functions\/([^/]+)\/invocations$/, invoke],
  ["GET", /^\/2015-03-31\/functions\/([^/]+)\/configuration$/, getConfiguration],
  ["GET", /^\/2015-03-31\/event-source-mappings\/([^/]+)$/, getMapping],
  ["PUT", /^\/2015-03-31\/event-source-mappings\/([^/]+)$/, updateMapping],
];

/** Lambda's REST API for the AWS SDK: what Nami's commands and handlers call. Throws AwsError. */
export function createLambdaEndpoint(options: LambdaEndpointOptions) {
  return async (call: LambdaCall): Promise<LambdaReply> => {
    const path = call.url.split("?")[0]!;
    for (const [method, pattern, route] of ROUTES) {
      const id = method === call.method && pattern.exec(path)?.[1];
      if (id) return route(options, call, decodeURIComponent(id));
    }
    throw new AwsError("UnknownOperationException", `Nothing here answers ${call.method} ${path}.`, 404);
  };
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): LambdaReply {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) };
}

/** A name, a partial ARN or an ARN, with or without a qualifier. */
function functionName(text: string): string {
  return /(?:^|:)function:([^:]+)/.exec(text)?.[1] ?? text.split(":")[0]!;
}

/** The function that a call names, which `action` must be allowed on. Throws AwsError. */
export function findFunction(
  options: LambdaEndpointOptions,
  call: Pick<LambdaCall, "identity" | "region">,
  id: string,
  action: string,
): FunctionSpec {
  const name = functionName(id);
  const arn = `arn:aws:lambda:${call.region}:${LOCAL_ACCOUNT}:function:${name}`;
  const spec = options.functions.get(name);
  options.iam.authorize(call.identity, `lambda:${action}`, spec?.arn ?? arn);
  if (!spec) throw new AwsError("ResourceNotFoundException", `Function not found: ${arn}`, 404);
  return spec;
}

async function invoke(options: LambdaEndpointOptions, call: LambdaCall, id: string): Promise<LambdaReply> {
  const spec = findFunction(options, call, id, "InvokeFunction");
  const type = call.headers["x-amz-invocation-type"] ?? "RequestResponse";
  if (type === "DryRun") return { status: 204, headers: {}, body: "" };
  const payload = call.body.length > 0 ? call.body.toString() : "{}";
  try {
    JSON.parse(payload);
  } catch (error) {
    const message = `Could not parse request body into json: ${(error as Error).message}`;
    throw new AwsError("InvalidRequestContentException", message);
  }
  if (type === "Event") {
    // AWS queues it and retries; nothing of Nami's calls functions this way.
    throw new AwsError(
      "InvalidParameterValueException",
      "InvocationType Event is not offered on this machine.",
    );
  }
  const result = await options.functions.invoke(spec.name, payload);
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "x-amz-executed-version": "$LATEST",
    "x-amzn-requestid": randomUUID(),
  };
  if (result.functionError) headers["x-amz-function-error"] = result.functionError;
  return { status: 200, headers, body: result.payload };
}

function getConfiguration(options: LambdaEndpointOptions, call: LambdaCall, id: string): LambdaReply {
  return json(
    200,
    functionConfiguration(options, findFunction(options, call, id, "GetFunctionConfiguration")),
  );
}

/** A function in AWS's words. */
export function functionConfiguration(
  options: LambdaEndpointOptions,
  spec: FunctionSpec,
): Record<string, unknown> {
  const state = options.stateOf?.("function", spec.name);
  return {
    FunctionName: spec.name,
    FunctionArn: spec.arn,
    Runtime: "nodejs24.x",
    Role: `arn:aws:iam::${LOCAL_ACCOUNT}:role/${spec.roleName}`,
    Handler: spec.handler,
    Timeout: spec.timeout,
    MemorySize: spec.memorySize,
    Version: "$LATEST",
    Environment: { Variables: spec.environment },
    PackageType: "Zip",
    State: state === "Pending" ? state : "Active",
    LastUpdateStatus: state === "InProgress" ? state : "Successful",
    LoggingConfig: { LogFormat: "Text", LogGroup: spec.logGroup },
    ...vpcConfig(spec),
  };
}

function vpcConfig({ vpcConfig: place }: FunctionSpec): Record<string, unknown> {
  if (!place) return {};
  const { subnetIds, securityGroupIds, ipv6 } = place;
  return {
    VpcConfig: { SubnetIds: subnetIds, SecurityGroupIds: securityGroupIds, Ipv6AllowedForDualStack: ipv6 },
  };
}

function findMapping(
  options: LambdaEndpointOptions,
  call: LambdaCall,
  uuid: string,
  action: string,
): MappingSpec {
  const arn = `arn:aws:lambda:${call.region}:${LOCAL_ACCOUNT}:event-source-mapping:${uuid}`;
  options.iam.authorize(call.identity, `lambda:${action}`, arn);
  const spec = options.mappings.get(uuid);
  if (!spec)
    throw new AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404);
  return spec;
}

function getMapping(options: LambdaEndpointOptions, call: LambdaCall, uuid: string): LambdaReply {
  return json(200, describe(options, call, findMapping(options, call, uuid, "GetEventSourceMapping")));
}

/** Only what pauses and resumes: everything else belongs to the program. */
function updateMapping(options: LambdaEndpointOptions, call: LambdaCall, uuid: string): LambdaReply {
  const before = findMapping(options, call, uuid, "UpdateEventSourceMapping");
  const { Enabled = before.enabled } = parseObject(call.body);
  if (typeof Enabled !== "boolean")
    throw new AwsError("InvalidParameterValueException", "Enabled must be a boolean.");
  const spec = { ...before, enabled: Enabled };
  options.mappings.put(spec, { check: Enabled });
  options.saveMapping?.(spec);
  return json(202, describe(options, call, spec));
}

function parseObject(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString() || "{}");
  } catch {
    throw new AwsError("InvalidRequestContentException", "The request is not JSON.");
  }
}

function describe(
  { functions, mappings, stateOf }: LambdaEndpointOptions,
  call: LambdaCall,
  spec: MappingSpec,
) {
  return {
    UUID: spec.uuid,
    EventSourceMappingArn: `arn:aws:lambda:${call.region}:${LOCAL_ACCOUNT}:event-source-mapping:${spec.uuid}`,
    BatchSize: spec.batchSize,
    MaximumBatchingWindowInSeconds: spec.batchWindow,
    EventSourceArn: spec.queueArn,
    FunctionArn: functions.get(spec.functionName)?.arn,
    LastProcessingResult: mappings.lastResult(spec.uuid),
    State: stateOf?.("mapping", spec.uuid) ?? (spec.enabled ? "Enabled" : "Disabled"),
    StateTransitionReason: "USER_INITIATED",
    FunctionResponseTypes: spec.reportBatchItemFailures ? ["ReportBatchItemFailures"] : [],
    ...(spec.maximumConcurrency ? { ScalingConfig: { MaximumConcurrency: spec.maximumConcurrency } } : {}),
  };
}
