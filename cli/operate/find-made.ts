import { hostStatus } from "../../local/host/client";
import { type Finding, findings, type IdPlace, type Inputs, type Listed } from "../deployments/made-ids";
import type { StateResource } from "../deployments/state";
import { callerIdentity } from "./caller-identity";
import { type AwsPlace, AwsRefusal, signedCall } from "./signed-call";

/** What became of the things that were asked for and never answered. */
export interface Made {
  /** By URN: the id it has if it is there. Whether it is, the engine's next look tells. */
  ids: Map<string, string>;
  /** Of types that cannot be looked for. */
  unknown: StateResource[];
}

function logicalName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

interface Mapping {
  ResourceARN: string;
}

/** ARNs of all that bears the tags, page by page. */
async function taggedArns(place: AwsPlace, service: string, tags: Record<string, string>): Promise<string[]> {
  const TagFilters = Object.entries(tags).map(([Key, value]) => ({ Key, Values: [value] }));
  const arns: string[] = [];
  for (let PaginationToken = ""; ; ) {
    const text = await signedCall(place, {
      ...{ service: "tagging", id: "RESOURCE_GROUPS_TAGGING_API", method: "POST", path: "/" },
      headers: {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "ResourceGroupsTaggingAPI_20170126.GetResources",
      },
      body: JSON.stringify({ TagFilters, ResourceTypeFilters: [service], PaginationToken }),
    });
    const page = JSON.parse(text) as { PaginationToken?: string; ResourceTagMappingList?: Mapping[] };
    arns.push(...(page.ResourceTagMappingList ?? []).map(({ ResourceARN }) => ResourceARN));
    PaginationToken = page.PaginationToken ?? "";
    if (!PaginationToken) return arns;
  }
}

/** The body of a list; `{}` where what it would be a list of is not there. */
async function listOf(place: AwsPlace, service: "lambda" | "apigateway", path: string): Promise<unknown> {
  try {
    const id = service === "lambda" ? "LAMBDA" : "APIGATEWAYV2";
    return JSON.parse(await signedCall(place, { service, id, method: "GET", path }));
  } catch (error) {
    if (error instanceof AwsRefusal && error.status === 404) return {};
    throw error;
  }
}

interface Statement {
  Sid: string;
  Action: string;
  Principal: { Service?: string };
  Condition?: { ArnLike?: Record<string, string> };
}

/** Ids of what is like the wanted thing in all that AWS tells apart by. */
const lists: Record<Listed, (inputs: Inputs, place: AwsPlace) => Promise<string[]>> = {
  async mappings(inputs, place) {
    const query = new URLSearchParams({
      EventSourceArn: String(inputs.eventSourceArn),
      FunctionName: String(inputs.functionName),
    });
    const found = (await listOf(place, "lambda", `/2015-03-31/event-source-mappings?${query}`)) as {
      EventSourceMappings?: { UUID: string }[];
    };
    return (found.EventSourceMappings ?? []).map(({ UUID }) => UUID);
  },
  async statements(inputs, place) {
    const name = String(inputs.function);
    const path = `/2015-03-31/functions/${encodeURIComponent(name)}/policy`;
    const { Policy = "{}" } = (await listOf(place, "lambda", path)) as { Policy?: string };
    const { Statement = [] } = JSON.parse(Policy) as { Statement?: Statement[] };
    const same = Statement.filter(
      ({ Action, Principal, Condition }) =>
        Action === inputs.action &&
        Principal.Service === inputs.principal &&
        Condition?.ArnLike?.["AWS:SourceArn"] === inputs.sourceArn,
    );
    return same.map(({ Sid }) => (place.target === "local" ? `${name}/${Sid}` : Sid));
  },
  async routes({ apiId, routeKey }, place) {
    const { items = [] } = (await listOf(place, "apigateway", `/v2/apis/${apiId}/routes?maxResults=500`)) as {
      items?: { routeId: string; routeKey: string }[];
    };
    return items.filter((item) => item.routeKey === routeKey).map(({ routeId }) => routeId);
  },
  async integrations({ apiId, integrationUri }, place) {
    const path = `/v2/apis/${apiId}/integrations?maxResults=500`;
    const { items = [] } = (await listOf(place, "apigateway", path)) as {
      items?: { integrationId: string; integrationUri: string }[];
    };
    return items
      .filter((item) => item.integrationUri === integrationUri)
      .map(({ integrationId }) => integrationId);
  },
};

async function candidates(
  finding: Finding,
  { urn, inputs = {} }: StateResource,
  { place, idPlace }: { place: AwsPlace; idPlace(): Promise<IdPlace> },
): Promise<string[]> {
  if (finding.by === "inputs") return [finding.id(inputs, await idPlace())];
  if (finding.by === "list") return lists[finding.list](inputs, place);
  const name = (inputs.tags as Record<string, string> | undefined)?.["nami:name"];
  if (name === undefined) return [];
  const tags = { "nami:name": name, "nami:resource": logicalName(urn) };
  const arns = await taggedArns(place, finding.service, tags);
  return arns.flatMap((arn) => finding.arn.exec(arn)?.[1] ?? []);
}

/** Account and addresses, asked for once and only when an id needs them. */
function idPlaceOf(place: AwsPlace): () => Promise<IdPlace> {
  let asked: Promise<IdPlace> | undefined;
  const ask = async () => {
    const { account } = await callerIdentity(place);
    const awsUrl = place.target === "local" ? (await hostStatus(place.home)).awsUrl : undefined;
    return { target: place.target, region: place.region, account, awsUrl };
  };
  return () => {
    asked ??= ask();
    return asked;
  };
}

/**
 * Looks for what an interrupted run asked for: by the name it was given, by its tags `nami:name` and `nami:resource`,
 * or among its like. `known` are the ids that the stack has already: those are others.
 */
export async function findMade(
  place: AwsPlace,
  asked: readonly StateResource[],
  known: ReadonlySet<string>,
): Promise<Made> {
  const made: Made = { ids: new Map(), unknown: [] };
  const idPlace = idPlaceOf(place);
  for (const resource of asked) {
    const finding = findings[resource.type];
    if (!finding) {
      made.unknown.push(resource);
      continue;
    }
    const ids = await candidates(finding, resource, { place, idPlace });
    const id = ids.find((each) => !known.has(`${resource.type} ${each}`));
    if (id !== undefined) made.ids.set(resource.urn, id);
  }
  return made;
}
