import type { AwsCall, AwsHandler, AwsReply } from "../aws-call";
import { AwsError } from "../aws-error";
import { findFunction, functionConfiguration, json, type LambdaEndpointOptions } from "./lambda-endpoint";

/** The code of the functions of a host. */
export interface FunctionCode {
  /** The zip a function runs. */
  read(name: string): { zip: Buffer; sha256: string };
  /** Runs another zip from now on, for good. Answers once it is on disk. Throws AwsError. */
  update(name: string, zip: Buffer): Promise<void>;
}

export interface CodeEndpointOptions extends LambdaEndpointOptions {
  code: FunctionCode;
}

const ZIP_BYTES = 50 * 1024 * 1024;

function configuration(options: CodeEndpointOptions, name: string): Record<string, unknown> {
  const { zip, sha256 } = options.code.read(name);
  const spec = options.functions.get(name)!;
  return { ...functionConfiguration(options, spec), CodeSha256: sha256, CodeSize: zip.length };
}

/** Where AWS answers a signed URL of S3, the zip itself stands in the URL: whoever fetches it needs no other way. */
function getFunction(options: CodeEndpointOptions, call: AwsCall, id: string): AwsReply {
  const { name } = findFunction(options, call, id, "GetFunction");
  const { zip } = options.code.read(name);
  const Location = `data:application/zip;base64,${zip.toString("base64")}`;
  return json(200, {
    Configuration: configuration(options, name),
    Code: { RepositoryType: "S3", Location },
  });
}

function zipOf(body: Buffer): Buffer {
  const invalid = (message: string) => new AwsError("InvalidParameterValueException", message);
  let request: { ZipFile?: unknown };
  try {
    request = JSON.parse(body.toString() || "{}");
  } catch {
    throw new AwsError("InvalidRequestContentException", "The request is not JSON.");
  }
  const { ZipFile, ...others } = request;
  const odd = Object.entries(others).find(([, value]) => value !== undefined && value !== false);
  if (odd) throw invalid(`${odd[0]} is not offered on this machine.`);
  if (typeof ZipFile !== "string") throw invalid("Please provide a source for function code.");
  const zip = Buffer.from(ZipFile, "base64");
  if (zip.length > ZIP_BYTES)
    throw new AwsError("RequestEntityTooLargeException", `A zip has at most ${ZIP_BYTES} bytes.`, 413);
  return zip;
}

async function updateCode(options: CodeEndpointOptions, call: AwsCall, id: string): Promise<AwsReply> {
  const { name } = findFunction(options, call, id, "UpdateFunctionCode");
  await options.code.update(name, zipOf(call.body));
  return json(200, configuration(options, name));
}

/** GetFunction and UpdateFunctionCode of Lambda's REST API; every other call goes on to `next`. */
export function withFunctionCode(options: CodeEndpointOptions, next: AwsHandler): AwsHandler {
  return async (call) => {
    const [, id, code] = /^\/2015-03-31\/functions\/([^/]+)(\/code)?$/.exec(call.url.split("?")[0]!) ?? [];
    if (id && !code && call.method === "GET") return getFunction(options, call, decodeURIComponent(id));
    if (id && code && call.method === "PUT") return updateCode(options, call, decodeURIComponent(id));
    return next(call);
  };
}
