import assert from "node:assert/strict";
import type { Verb } from "../../local/rehearsal";
import { refusals } from "./aws-refusals";
import { hosted } from "./killed-engine";
import { nami, type Result } from "./nami";

/** With these options a name has almost every type of resource that Nami makes. */
export const WIDE = [
  ...["--vpc", "new", "--egress", "nat"],
  ...["--alarm-email", "ops@example.com", "--snapshots", "3"],
];

/** The environment of a command in which AWS refuses `verb` once for each of `types`. */
export function refusing(verb: Verb, types: readonly string[]): { env: Record<string, string> } {
  const faults = types.map((type) => ({ verb, of: type, error: refusals[type] }));
  return { env: { NAMI_REHEARSAL: JSON.stringify({ faults }) } };
}

/** The types that a failed command names as the reason, each with the resource's name. At least one. */
export function failedAt({ code, err }: Result, among: readonly string[]): string[] {
  assert.equal(code, 1, err);
  assert.match(err, /error\[[A-Z_]+\]/);
  const failed = among.filter((type) => new RegExp(`\\b${type.split(":").pop()} nami-\\S+: `).test(err));
  assert.notDeepEqual(failed, [], err);
  return failed;
}

/**
 * Runs a command again and again until it succeeds, while AWS refuses `verb` once for each of `types`. Calls `between`
 * after each failure. Returns the types that failed, sorted.
 */
export async function untilDone(
  home: string,
  args: readonly string[],
  { verb, types }: { verb: Verb; types: readonly string[] },
  between = async () => {},
): Promise<string[]> {
  const failed: string[] = [];
  for (let left = [...types]; ; left = types.filter((type) => !failed.includes(type))) {
    const run = await nami(home, [...args], refusing(verb, left));
    if (run.code === 0) return failed.sort();
    failed.push(...failedAt(run, left));
    await between();
  }
}

/** What the host has of a name. */
export function hostedOf(home: string, name: string) {
  return hosted(home).filter(({ urn }) => urn.includes(`:${name}::`));
}
