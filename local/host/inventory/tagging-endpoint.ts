import type { ResourceRecord } from "../../protocol";
import { arn } from "../../region";
import type { AwsHandler } from "../aws-call";
import { AwsError } from "../aws-error";
import type { Iam } from "../services";

export interface TaggingOptions {
  iam: Iam;
  /** Everything there is. */
  resources(): ResourceRecord[];
}

interface Filter {
  Key: string;
  Values?: string[];
}

interface Request {
  TagFilters?: Filter[];
  ResourceTypeFilters?: string[];
  PaginationToken?: string;
  ResourcesPerPage?: number;
}

const PAGE = 50;

function tagsOf({ inputs }: ResourceRecord): Record<string, string> {
  return (inputs.tags as Record<string, string> | undefined) ?? {};
}

/** What AWS's provider tells no ARN of, by what its ARN calls it. */
const UNTOLD: Record<string, string> = {
  "aws:ec2/natGateway:NatGateway": "natgateway",
  "aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway": "egress-only-internet-gateway",
};

function arnOf({ type, id, inputs, outputs }: ResourceRecord): string | undefined {
  if (typeof outputs.arn === "string") return outputs.arn;
  return UNTOLD[type] && arn("ec2", String(inputs.region), `${UNTOLD[type]}/${id}`);
}

/** "GetResources does not currently support IAM users and roles", says its reference. */
function isListed(record: ResourceRecord): boolean {
  const own = arnOf(record);
  return own !== undefined && !/^arn:aws:iam::\d+:role\//.test(own);
}

function fits(record: ResourceRecord, filters: Filter[]): boolean {
  const tags = tagsOf(record);
  return filters.every(({ Key, Values = [] }) => {
    const value = tags[Key];
    return value !== undefined && (Values.length === 0 || Values.includes(value));
  });
}

/** "ec2:instance" of arn:aws:ec2:…:instance/i-1; a service alone means all of its types. */
function isOfType(record: ResourceRecord, types: string[]): boolean {
  const [, , service, , , ...rest] = String(arnOf(record)).split(":");
  const type = rest.join(":").replace(/^\//, "").split(/[/:]/)[0];
  return types.length === 0 || types.some((each) => each === service || each === `${service}:${type}`);
}

/** Resource Groups Tagging API, JSON 1.1: GetResources, by which tools find what bears a tag. */
export function createTaggingHandler({ iam, resources }: TaggingOptions): AwsHandler {
  return async ({ identity, headers, body }) => {
    const action = headers["x-amz-target"]?.split(".")[1] ?? "";
    if (action !== "GetResources")
      throw new AwsError("UnknownOperationException", `The local target has no tagging action ${action}.`);
    iam.authorize(identity, "tag:GetResources", "*");
    const request = JSON.parse(body.toString() || "{}") as Request;
    const { TagFilters = [], ResourceTypeFilters = [], ResourcesPerPage = PAGE } = request;
    const found = resources().filter(
      (record) => isListed(record) && fits(record, TagFilters) && isOfType(record, ResourceTypeFilters),
    );
    const from = Number(request.PaginationToken || 0);
    const page = found.slice(from, from + ResourcesPerPage);
    const answer = {
      PaginationToken: from + page.length < found.length ? String(from + page.length) : "",
      ResourceTagMappingList: page.map((record) => ({
        ResourceARN: arnOf(record),
        Tags: Object.entries(tagsOf(record)).map(([Key, Value]) => ({ Key, Value })),
      })),
    };
    return {
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify(answer),
    };
  };
}
