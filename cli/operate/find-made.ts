import { hostStatus } from "../../local/host/client";
import { type Finding, findings, type IdPlace } from "../deployments/made-ids";
import type { StateResource } from "../deployments/state";
import { callerIdentity } from "./caller-identity";
import { lists } from "./made-lists";
import { type AwsPlace, signedCall } from "./signed-call";

/** What became of the things that were asked for and never answered. */
export interface Made {
  /** By URN: the id it has if it is there. Whether it is, the engine's next look tells. */
  ids: Map<string, string>;
  /** Of types that cannot be looked for. */
  unknown: StateResource[];
}

interface Mapping {
  ResourceARN: string;
}

/** ARNs of all that bears every one of the tags, page by page. */
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

async function candidates(
  finding: Finding,
  { inputs = {} }: StateResource,
  { place, idPlace }: { place: AwsPlace; idPlace(): Promise<IdPlace> },
): Promise<string[]> {
  if (finding.by === "inputs") return [finding.id(inputs, await idPlace())];
  if (finding.by === "list") return lists[finding.list](inputs, place);
  const tags = inputs.tags as Record<string, string> | undefined;
  if (!tags?.["nami:name"]) return [];
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
 * Looks for what an interrupted run asked for: by the name it was given, by the tags it was given, or among
 * its like. `known` are the ids that the stack has already: those are others.
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
