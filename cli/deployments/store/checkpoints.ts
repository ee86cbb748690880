import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { type Deployment, type KeptStack, keptStack, type Project } from "../state";
import type { Listed, Store } from "./store";

/**
 * How the engine names a stack's file: plain as Nami asks for it, packed when a bare `pulumi` wrote it
 * (pkg/v3.259.0, backend/diy/store.go). Everything else beside it is a backup or tags.
 */
const CHECKPOINT = /^([^/]+)\.json(\.gz|\.zst)?$/;

const folderOf = (project: Project) => `.pulumi/stacks/${project}/`;

function stackOf({ key }: Listed, project: Project): string | undefined {
  return CHECKPOINT.exec(key.slice(folderOf(project).length))?.[1];
}

/** zstd takes Node 22.15; the engine packs so only when a person sets PULUMI_DIY_BACKEND_ZSTD. */
function unpacked(key: string, body: Buffer): string {
  if (key.endsWith(".gz")) return gunzipSync(body).toString("utf8");
  if (key.endsWith(".zst")) return zstdDecompressSync(body).toString("utf8");
  return body.toString("utf8");
}

/** The stacks of a project, sorted. */
export async function stackNames(store: Store, project: Project): Promise<string[]> {
  const names = (await store.list(folderOf(project))).flatMap((each) => stackOf(each, project) ?? []);
  return [...new Set(names)].sort();
}

/** A stack, secrets left out of its outputs; undefined when there is none. Of two files the newer one counts, as for the engine. */
export async function readStack(
  store: Store,
  project: Project,
  stack: string,
): Promise<KeptStack | undefined> {
  const files = (await store.list(folderOf(project))).filter((each) => stackOf(each, project) === stack);
  const newest = files.sort((a, b) => b.modifiedAt.getTime() - a.modifiedAt.getTime())[0];
  const kept = newest && (await store.read(newest.key));
  if (!kept) return undefined;
  const { checkpoint } = JSON.parse(unpacked(newest.key, kept.body)) as {
    checkpoint: { latest?: Deployment };
  };
  return keptStack(project, stack, checkpoint.latest ?? {}, kept.modifiedAt);
}
