import { statSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type BuildContext, context } from "esbuild";
import { type BundleRequest, buildOptions, codeOf, isUsers, keepCode, wholePath } from "./bundle";
import { sourceProblem } from "./handler-check";
import { packageRoot } from "./package-root";

/** What is told of a file that is watched. */
export interface Watcher {
  /**
   * Code that was built and loaded without a fault, when it is another than before; `seen`, by performance.now(), is when
   * the change was. What it throws is told below.
   */
  onCode(code: Buffer, seen: number): Promise<void>;
  /** Told once, until it is another: HANDLER_…, or what `onCode` threw. */
  onProblem(error: unknown): void;
  signal: AbortSignal;
}

/** How often the files are looked at, and how soon after a problem all is tried again. Milliseconds. */
const LOOK = 100;
const AGAIN = 1_000;
/** An editor writes a file in several steps. Milliseconds. */
const SETTLE = 20;

/** Looked at rather than listened to: there are few files, and every file system answers. */
function stamp(files: Iterable<string>): string {
  return [...files]
    .map((file) => {
      const { mtimeMs, size, ino } = statSync(file, { throwIfNoEntry: false }) ?? {};
      return `${file} ${mtimeMs} ${size} ${ino}`;
    })
    .join("\n");
}

/** One bundle, built again and again: what has not changed is not read again. */
class Builder {
  /** The user's own files that were in the last bundle. */
  readonly files = new Set<string>();
  private building?: BuildContext;

  constructor(private readonly request: BundleRequest & { userFile: string }) {
    this.files.add(resolve(request.cwd, request.userFile));
  }

  /** Throws HANDLER_…. */
  async build(): Promise<Buffer> {
    const { kind, userFile, preset } = this.request;
    const file = wholePath(this.request, userFile);
    try {
      this.building ??= await context({ ...buildOptions({ kind, userFile: file, preset }), metafile: true });
      const result = await this.building.rebuild();
      const inputs = Object.keys(result.metafile!.inputs).map((input) => resolve(packageRoot(), input));
      this.files.clear();
      for (const input of [file, ...inputs.filter(isUsers)]) this.files.add(input);
      return codeOf(result);
    } catch (error) {
      throw sourceProblem(error, file, this.request);
    }
  }

  async close(): Promise<void> {
    await this.building?.dispose();
  }
}

/** Until the user's files are others than they were at `before`; while something is wrong, no longer than a second. */
async function change(builder: Builder, before: string, wrong: boolean, signal: AbortSignal): Promise<void> {
  const until = wrong ? performance.now() + AGAIN : Number.POSITIVE_INFINITY;
  while (stamp(builder.files) === before && performance.now() < until)
    await sleep(LOOK, undefined, { signal });
  await sleep(SETTLE, undefined, { signal });
}

/**
 * Builds a function's bundle whenever the user's files change, until `signal` is aborted. Each is loaded before it is
 * handed on, as `bundleHandler` does it, and has the bytes that an `up` would deploy.
 */
export async function watchHandler(
  request: BundleRequest & { userFile: string },
  { onCode, onProblem, signal }: Watcher,
): Promise<void> {
  const builder = new Builder(request);
  let told: string | undefined;
  let last: Buffer | undefined;
  try {
    while (!signal.aborted) {
      const before = stamp(builder.files);
      const seen = performance.now();
      try {
        const code = await builder.build();
        if (!last?.equals(code)) {
          await keepCode(request, code);
          await onCode(code, seen);
        }
        last = code;
        told = undefined;
      } catch (error) {
        const text = `${(error as Error).message}\n${(error as { hint?: string }).hint ?? ""}`;
        if (text !== told && !signal.aborted) onProblem(error);
        told = text;
      }
      await change(builder, before, told !== undefined, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await builder.close();
  }
}
