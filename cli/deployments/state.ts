import { homedir } from "node:os";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { paths } from "../../local/paths";
import { cliError } from "../errors";
import type { Io } from "../io";

export type Project = "nami" | "nami-gateway" | "nami-data";

/** A resource as the engine keeps it; only what Nami asks of it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  /** Deleted by an operation that was to make it anew, and did not come to that. */
  pendingReplacement?: boolean;
}

/** What the state backend says of a stack, read without the engine. Secrets are left out of `outputs`. */
export interface KeptStack {
  project: Project;
  stack: string;
  /** ISO 8601, UTC. */
  updatedAt: string;
  outputs: Record<string, unknown>;
  resources: StateResource[];
  /** "passphrase", or the URL of the key; absent where no secrets were ever kept. */
  secretsProvider?: string;
  /** Of its passphrase, as the engine's settings have it; absent where a key encrypts. */
  salt?: string;
  /** An operation was interrupted. */
  pending: boolean;
  /** What was asked for by a run that never heard the answer. */
  pendingCreates: StateResource[];
}

/** The checkpoint and the exported deployment have this part in common. */
export interface Deployment {
  manifest?: { time?: string };
  resources?: StateResource[];
  pending_operations?: { type: string; resource: StateResource }[];
  secrets_providers?: { type: string; state?: { url?: string; salt?: string } };
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

/** "cloud" is the engine's word for all key services (pkg/v3.259.0, secrets/cloud). */
function providerOf({ secrets_providers: provider }: Deployment): string | undefined {
  return provider?.type === "cloud" ? provider.state?.url : provider?.type;
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
    secretsProvider: providerOf(deployment),
    salt: deployment.secrets_providers?.state?.salt,
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

/** What tells one state from another: its place, not the region, the profile or the key it is reached with. */
function placeOf(state: string): string {
  const url = URL.parse(state);
  const folder = stateFolder(state);
  if (folder !== undefined) return `file://${resolve(folder)}`;
  if (!url) return state;
  const endpoint = url.searchParams.get("endpoint")?.replace(/^https?:\/\//, "") ?? "";
  return [url.protocol, url.host, url.pathname.replace(/^\/+|\/+$/g, ""), endpoint].join("|");
}

/** Whether two URLs name the same state. */
export function sameState(one: string, other: string): boolean {
  return one === other || placeOf(one) === placeOf(other);
}

/** Whether a state may be several people's: what lies under NAMI_HOME is one's own. */
export function isShared(home: string, state: string): boolean {
  const folder = stateFolder(state);
  return folder === undefined || relative(home, folder).startsWith("..");
}

/** The folder of a state that is this machine's own; undefined where it may be several people's. */
export function ownFolder({ home, state }: { home: string; state: string }): string | undefined {
  return isShared(home, state) ? undefined : stateFolder(state);
}

/** What a state may be kept in: backends of one's own, in the engine's words (pkg/v3.259.0, backend/diy). */
const SCHEMES = ["file", "s3", "gs", "azblob", "postgres"];

/**
 * A state as a person writes it → its URL. Without a scheme it is a folder, from where the person stands.
 * Throws STATE_INVALID.
 */
export function stateUrl(text: string, io: Io): string {
  const [, scheme] = /^([a-z0-9+.-]+):\/\//i.exec(text) ?? [];
  if (scheme !== undefined && !SCHEMES.includes(scheme)) {
    throw cliError("STATE_INVALID", { state: text, problem: `it is none of ${SCHEMES.join("://, ")}://` });
  }
  const folder = scheme === undefined ? text : stateFolder(text);
  if (folder === undefined) return text;
  const home = io.env.HOME ?? homedir();
  return `file://${resolve(io.cwd, folder.replace(/^~(?=\/|$)/, home))}`;
}

/**
 * The backend asked for: `--state`, NAMI_STATE, else undefined. A variable holds wherever one stands, so that a folder in
 * it is a whole path. Throws STATE_INVALID.
 */
export function askedState(given: unknown, io: Io): string | undefined {
  if (typeof given === "string") return given ? stateUrl(given, io) : undefined;
  const { NAMI_STATE: text } = io.env;
  if (!text) return undefined;
  if (/^([a-z0-9+.-]+:\/\/|\/|~)/i.test(text)) return stateUrl(text, io);
  const problem = "NAMI_STATE would be another folder wherever one stands: give a whole path, or a URL";
  throw cliError("STATE_INVALID", { state: text, problem });
}
