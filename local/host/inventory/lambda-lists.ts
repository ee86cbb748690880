import { LOCAL_ACCOUNT, type ResourceRecord } from "../../protocol";
import type { AwsCall, AwsHandler, AwsReply } from "../aws-call";
import { AwsError } from "../aws-error";
import { functionName } from "../resources/arns";
import type { Iam } from "../services";

export interface LambdaListsOptions {
  iam: Iam;
  all(type: string): ResourceRecord[];
}

const MAPPING = "aws:lambda/eventSourceMapping:EventSourceMapping";
const PERMISSION = "aws:lambda/permission:Permission";
const FUNCTION = "aws:lambda/function:Function";

function json(value: unknown): AwsReply {
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}

/** ListEventSourceMappings, by queue and function. */
function mappings({ iam, all }: LambdaListsOptions, call: AwsCall): AwsReply {
  iam.authorize(call.identity, "lambda:ListEventSourceMappings", "*");
  const query = new URL(call.url, "http://local").searchParams;
  const [source, fn] = [query.get("EventSourceArn"), query.get("FunctionName")];
  const found = all(MAPPING).filter(
    ({ inputs }) =>
      (source === null || inputs.eventSourceArn === source) &&
      (fn === null || functionName(String(inputs.functionName)) === functionName(fn)),
  );
  const EventSourceMappings = found.map(({ id, inputs, outputs }) => ({
    UUID: id,
    EventSourceArn: inputs.eventSourceArn,
    FunctionArn: outputs.functionArn,
  }));
  return json({ EventSourceMappings });
}

/** GetPolicy: the statements of a function's resource policy, as JSON in JSON. */
function policy({ iam, all }: LambdaListsOptions, call: AwsCall, name: string): AwsReply {
  const arn = `arn:aws:lambda:${call.region}:${LOCAL_ACCOUNT}:function:${name}`;
  iam.authorize(call.identity, "lambda:GetPolicy", arn);
  const of = all(PERMISSION).filter(({ inputs }) => functionName(String(inputs.function)) === name);
  if (of.length === 0 || !all(FUNCTION).some(({ id }) => id === name))
    throw new AwsError("ResourceNotFoundException", "The resource you requested does not exist.", 404);
  const Statement = of.map(({ inputs, outputs }) => ({
    ...{ Sid: outputs.statementId, Effect: "Allow", Resource: arn },
    ...{ Principal: { Service: inputs.principal }, Action: inputs.action },
    ...(inputs.sourceArn ? { Condition: { ArnLike: { "AWS:SourceArn": inputs.sourceArn } } } : {}),
  }));
  return json({ Policy: JSON.stringify({ Version: "2012-10-17", Id: "default", Statement }) });
}

/** What is listed of Lambda; every other call goes on to `next`. */
export function withLambdaLists(options: LambdaListsOptions, next: AwsHandler): AwsHandler {
  return async (call) => {
    const path = call.url.split("?")[0]!;
    if (call.method !== "GET") return next(call);
    if (/^\/2015-03-31\/event-source-mappings\/?$/.test(path)) return mappings(options, call);
    const name = /^\/2015-03-31\/functions\/([^/]+)\/policy$/.exec(path)?.[1];
    return name ? policy(options, call, functionName(decodeURIComponent(name))) : next(call);
  };
}
