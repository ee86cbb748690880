import { LOCAL_ACCOUNT } from "../../protocol";
import type { AwsCall, AwsHandler } from "../aws-call";
import { AwsError } from "../aws-error";
import type { Iam, Parameters } from "../services";

export interface SsmEndpointOptions {
  parameters: Parameters;
  iam: Iam;
}

const ACTIONS: Record<string, (options: SsmEndpointOptions, call: AwsCall) => Record<string, unknown>> = {
  "AmazonSSM.GetParameter": getParameter,
  "AmazonSSM.PutParameter": putParameter,
};

/**
 * SSM over AWS's JSON 1.1 protocol: GetParameter, and PutParameter of one that the program has made.
 * A SecureString under the account's default key (alias/aws/ssm) needs no kms:Decrypt of the caller's on AWS; one under
 * a key of the customer's does, and is not known here.
 */
export function createSsmEndpoint(options: SsmEndpointOptions): AwsHandler {
  return async (call) => {
    const target = call.headers["x-amz-target"] ?? "";
    const action = ACTIONS[target];
    if (!action) {
      throw new AwsError("UnknownOperationException", `The local target has no SSM action ${target}.`);
    }
    return {
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify(action(options, call)),
    };
  };
}

/** Before the look-up, as on AWS: who may not read learns nothing about what exists. */
function authorized({ iam }: SsmEndpointOptions, call: AwsCall, action: string): Request & { arn: string } {
  const request = requestOf(call.body);
  const arn = `arn:aws:ssm:${call.region}:${LOCAL_ACCOUNT}:parameter/${request.Name.replace(/^\//, "")}`;
  iam.authorize(call.identity, `ssm:${action}`, arn);
  return { ...request, arn };
}

function getParameter(options: SsmEndpointOptions, call: AwsCall): Record<string, unknown> {
  const { Name, WithDecryption, arn } = authorized(options, call, "GetParameter");
  const found = options.parameters.get(Name);
  if (!found) throw new AwsError("ParameterNotFound", "");
  const hidden = found.type === "SecureString" && WithDecryption !== true;
  const Value = hidden ? Buffer.from(found.value).toString("base64") : found.value;
  return { Parameter: { Name, Type: found.type, Value, Version: 1, ARN: arn, DataType: "text" } };
}

function putParameter(options: SsmEndpointOptions, call: AwsCall): Record<string, unknown> {
  const { Name, Value, Overwrite } = authorized(options, call, "PutParameter");
  if (typeof Value !== "string" || Value === "") {
    const message = "Value at 'value' failed to satisfy constraint: Member must not be null";
    throw new AwsError("ValidationException", message);
  }
  const found = options.parameters.get(Name);
  if (!found) throw new AwsError("ParameterNotFound", "On this machine the program alone makes parameters.");
  if (Overwrite !== true) {
    const message =
      "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
    throw new AwsError("ParameterAlreadyExists", message);
  }
  options.parameters.overwrite(Name, Value);
  return { Version: 1, Tier: "Standard" };
}

interface Request {
  Name: string;
  Value?: unknown;
  WithDecryption?: unknown;
  Overwrite?: unknown;
}

function requestOf(body: Buffer): Request {
  let request: Partial<Request>;
  try {
    request = JSON.parse(body.toString());
  } catch {
    throw new AwsError("SerializationException", "The request is no JSON.");
  }
  if (typeof request.Name !== "string" || request.Name === "") {
    throw new AwsError(
      "ValidationException",
      "Value null at 'name' failed to satisfy constraint: Member must not be null",
    );
  }
  return { ...request, Name: request.Name };
}
