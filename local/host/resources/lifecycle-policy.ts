import type { Inputs, ResourceRecord } from "../../protocol";
import { arn } from "../../region";
import { AwsError } from "../aws-error";
import { ec2Id } from "../ids";
import type { ResourceKind, Services } from "../services";
import { iamName } from "./arns";

const SERVICE = "dlm.amazonaws.com";

interface Details {
  targetTags: Record<string, string>;
  schedules: { name: string; copyTags?: boolean; tagsToAdd?: Record<string, string> }[];
}

interface Need {
  action: string;
  resource: string;
  context?: Record<string, string>;
}

/** Tags as the condition keys that IAM knows them by. */
function tagContext(keys: string[], tags: Record<string, string>): Record<string, string> {
  const entries = Object.entries(tags).flatMap(([name, value]) =>
    keys.map((key) => [`${key}/${name}`, value]),
  );
  return Object.fromEntries(entries);
}

/** A volume is meant when it has any of the tags. */
function isTarget({ inputs }: ResourceRecord, targetTags: Record<string, string>): boolean {
  const tags = (inputs.tags ?? {}) as Record<string, string>;
  return Object.entries(targetTags).some(([name, value]) => tags[name] === value);
}

/** What Data Lifecycle Manager calls in the name of its role, for each volume and each schedule. */
function* needs(services: Services, record: ResourceRecord): Generator<Need> {
  const region = String(record.inputs.region);
  const { targetTags, schedules } = record.inputs.policyDetails as Details;
  for (const name of ["DescribeVolumes", "DescribeInstances", "DescribeSnapshots"]) {
    yield { action: `ec2:${name}`, resource: "*" };
  }
  const volumes = services.all("aws:ebs/volume:Volume").filter((volume) => isTarget(volume, targetTags));
  // A snapshot has no account in its ARN.
  const snapshot = `arn:aws:ec2:${region}::snapshot/snap-00000000000000000`;
  for (const volume of volumes) {
    const volumeTags = (volume.inputs.tags ?? {}) as Record<string, string>;
    const own = tagContext(["aws:ResourceTag", "ec2:ResourceTag"], volumeTags);
    yield { action: "ec2:CreateSnapshot", resource: String(volume.outputs.arn), context: own };
    for (const { name, copyTags, tagsToAdd } of schedules) {
      const made = { "aws:dlm:lifecycle-policy-id": record.id, "aws:dlm:lifecycle-schedule-name": name };
      const tags = { ...(copyTags ? volumeTags : {}), ...tagsToAdd, ...made };
      const asked = { ...tagContext(["aws:RequestTag"], tags), "ec2:CreateAction": "CreateSnapshot" };
      yield { action: "ec2:CreateSnapshot", resource: snapshot, context: asked };
      yield { action: "ec2:CreateTags", resource: snapshot, context: asked };
      const has = tagContext(["aws:ResourceTag", "ec2:ResourceTag"], tags);
      yield { action: "ec2:DeleteSnapshot", resource: snapshot, context: has };
    }
  }
}

/** The first thing that the role may not do; undefined when it may do all. */
function denial(services: Services, record: ResourceRecord): string | undefined {
  const role = iamName(String(record.inputs.executionRoleArn));
  try {
    services.iam.credentialsFor(role, SERVICE);
    const identity = services.iam.roleIdentity(role, "dlm");
    for (const { action, resource, context } of needs(services, record)) {
      services.iam.authorize(identity, action, resource, context);
    }
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return error.message;
    throw error;
  }
}

function needRole(services: Services, { executionRoleArn }: Inputs): void {
  const role = iamName(String(executionRoleArn));
  if (services.iam.hasRole(role)) return;
  throw new AwsError("InvalidRequestException", `The role with name ${role} cannot be found.`);
}

/** ERROR, with the action that is denied, where DLM would fail; otherwise what the program says. */
export function stateOf(services: Services, record: ResourceRecord) {
  const reason = record.inputs.state === "ENABLED" ? denial(services, record) : undefined;
  if (reason !== undefined) return { state: "ERROR" as const, reason };
  return { state: record.inputs.state as "ENABLED" | "DISABLED" };
}

/**
 * Kept as a fact: no snapshot is taken on this machine, whose volumes are folders for its owner to back up. But its
 * role is asked what DLM would ask of it, whenever someone looks: what is denied shows as state ERROR in a refresh
 * and, with the action, in the host's status.
 */
export const lifecyclePolicy: ResourceKind = {
  type: "aws:dlm/lifecyclePolicy:LifecyclePolicy",
  async create(services, { inputs }) {
    needRole(services, inputs);
    const id = ec2Id("policy");
    return { id, outputs: { arn: arn("dlm", String(inputs.region), `policy/${id}`) } };
  },
  async update(services, record, inputs) {
    needRole(services, inputs);
    return record.outputs;
  },
  async read(services, record) {
    const { state } = stateOf(services, record);
    return { ...record.outputs, ...(state === "ERROR" ? { state } : {}) };
  },
};
