import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { paths } from "../../local/paths";
import type { Io } from "../io";

export type Project = "nami" | "nami-gateway" | "nami-data";

/** A resource as the engine keeps it; only what Nami asks of it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

/** What the state backend says of a stack, read without the engine. Secrets are left out of `outputs`. */
export interface KeptStack {
  project: Project;
  stack: string;
  /** ISO 8601, UTC. */
  updatedAt: string;
  outputs: Record<string, unknown>;
  resources: StateResource[];
  /** An operation was interrupted. */
  pending: boolean;
  /** What was asked for by a run that never heard the answer. */
  pendingCreates: StateResource[];
}

/** The checkpoint and the exported deployment have this part in common. */
interface Deployment {
  manifest?: { time?: string };
  resources?: StateResource[];
  pending_operations?: { type: string; resource: StateResource }[];
}

/** How the engine marks a secret (and other special values) in state: sdk/v3 resource.SigKey. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/** URL of the backend under NAMI_HOME. */
export function ownState(home: string): string {
  return `file://${paths.state(home)}`;
}

/** The folder of a file:// backend; undefined for others. */
export function stateFolder(state: string): string | undefined {
  if (!state.startsWith("file://")) return undefined;
  return /^file:\/\/(\/|$)/.test(state) ? fileURLToPath(state) : state.slice("file://".length);
}

/** Secrets of an export with `--show-secrets`, which are JSON in `plaintext`, as the values they are. */
export function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value && "plaintext" in value) return revealed(JSON.parse(String(value.plaintext)));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revealed(each)]));
}

function withoutSecrets(outputs: Record<string, unknown>): Record<string, unknown> {
  const plain = Object.entries(outputs).filter(
    ([, value]) => !(typeof value === "object" && value !== null && SIGNATURE in value),
  );
  return Object.fromEntries(plain);
}

/** One stack from its deployment, as checkpoint files and `pulumi stack export` have it. */
export function keptStack(project: Project, stack: string, deployment: Deployment, changed: Date): KeptStack {
  const resources = deployment.resources ?? [];
  const operations = deployment.pending_operations ?? [];
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  return {
    project,
    stack,
    updatedAt: changed.toISOString(),
    outputs: withoutSecrets(root?.outputs ?? {}),
    resources,
    pending: operations.length > 0,
    pendingCreates: operations.filter(({ type }) => type === "creating").map(({ resource }) => resource),
  };
}

/** Region and account in the ARNs of what was deployed: "arn:aws:sqs:eu-central-1:123456789012:orders-1f". */
const ARN = /^arn:[\w-]+:[\w-]+:([\w-]*):(\d{12}):/;

/** Where a stack's resources are: its outputs say, else their ARNs. Empty when it has none. */
export function livesIn({ outputs, resources }: KeptStack): { region?: string; account?: string } {
  const texts = resources.flatMap((resource) => Object.values(resource.outputs ?? {}));
  const arns = texts.map((text) => (typeof text === "string" ? ARN.exec(text) : null)).filter(Boolean);
  const { region, accountId } = outputs as { region?: string; accountId?: string };
  return {
    // IAM's ARNs name no region.
    region: region ?? arns.map((arn) => arn![1]).find(Boolean),
    account: accountId ?? arns[0]?.[2],
  };
}

const stacksDir = (folder: string, project: Project) => join(folder, ".pulumi", "stacks", project);

/** The stacks of a project in a file:// backend, sorted. */
export function stackNames(folder: string, project: Project): string[] {
  try {
    const files = readdirSync(stacksDir(folder, project));
    return files
      .filter((file) => file.endsWith(".json"))
      .map((file) => file.slice(0, -".json".length))
      .sort();
  } catch {
    return [];
  }
}

/** A stack of a file:// backend; undefined when there is none. */
export function readStack(folder: string, project: Project, stack: string): KeptStack | undefined {
  const path = join(stacksDir(folder, project), `${stack}.json`);
  try {
    const { checkpoint } = JSON.parse(readFileSync(path, "utf8")) as { checkpoint: { latest?: Deployment } };
    return keptStack(project, stack, checkpoint.latest ?? {}, statSync(path).mtime);
  } catch (error) {
    if (/^(ENOENT|ENOTDIR)$/.test((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}

/** The backend asked for: `--state`, NAMI_STATE, else undefined. Without a scheme it is a folder. */
export function askedState(given: unknown, io: Io): string | undefined {
  const text = (given as string | undefined) ?? io.env.NAMI_STATE;
  if (!text) return undefined;
  return /^[a-z0-9]+:\/\//.test(text) ? text : `file://${resolve(io.cwd, text)}`;
}
