import { LOCAL_ACCOUNT } from "../../protocol";
import type { AwsCall, AwsHandler } from "../aws-call";
import { AwsError } from "../aws-error";
import type { Iam, Parameters } from "../services";

/**
 * SSM over AWS's JSON 1.1 protocol: GetParameter.
 * A SecureString under the account's default key (alias/aws/ssm) needs no kms:Decrypt of the caller's on AWS; one under
 * a key of the customer's does, and is not known here.
 */
export function createSsmEndpoint({ parameters, iam }: { parameters: Parameters; iam: Iam }): AwsHandler {
  return async (call) => {
    const target = call.headers["x-amz-target"] ?? "";
    if (target !== "AmazonSSM.GetParameter") {
      throw new AwsError("UnknownOperationException", `The local target has no SSM action ${target}.`);
    }
    return {
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify({ Parameter: getParameter(call, parameters, iam) }),
    };
  };
}

function getParameter(call: AwsCall, parameters: Parameters, iam: Iam): Record<string, unknown> {
  const { Name: name, WithDecryption: decrypt } = requestOf(call.body);
  const arn = `arn:aws:ssm:${call.region}:${LOCAL_ACCOUNT}:parameter/${name.replace(/^\//, "")}`;
  // Before the look-up, as on AWS: who may not read learns nothing about what exists.
  iam.authorize(call.identity, "ssm:GetParameter", arn);
  const found = parameters.get(name);
  if (!found) throw new AwsError("ParameterNotFound", "");
  const hidden = found.type === "SecureString" && !decrypt;
  return {
    Name: name,
    Type: found.type,
    Value: hidden ? Buffer.from(found.value).toString("base64") : found.value,
    Version: 1,
    ARN: arn,
    DataType: "text",
  };
}

function requestOf(body: Buffer): { Name: string; WithDecryption: boolean } {
  let request: { Name?: unknown; WithDecryption?: unknown };
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
  return { Name: request.Name, WithDecryption: request.WithDecryption === true };
}
