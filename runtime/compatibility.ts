import type { Collections } from "./store";

/** What came of it; `reason` says why it was not raised where it should have been. */
export interface Compatibility {
  /** Of the server that answered. */
  version: string;
  raised: boolean;
  reason?: string;
}

/** MongoDB's CommandNotFound: a server that only speaks MongoDB's protocol has no such thing. */
const COMMAND_NOT_FOUND = 59;

/**
 * Has a MongoDB that was brought to a new series use it: until then its data can go back, but not on to the next one.
 * Nothing happens to a server of another series, or to one that has it already.
 * https://www.mongodb.com/docs/manual/reference/command/setFeatureCompatibilityVersion/
 * @param series "8.0"
 */
export async function raiseCompatibility({ db }: Collections, series: string): Promise<Compatibility> {
  const admin = db.admin();
  const version = String((await admin.command({ buildInfo: 1 })).version);
  if (!version.startsWith(`${series}.`)) return { version, raised: false };
  try {
    const { featureCompatibilityVersion: now } = await admin.command({
      getParameter: 1,
      featureCompatibilityVersion: 1,
    });
    if (now?.version === series) return { version, raised: false };
    await admin.command({ setFeatureCompatibilityVersion: series, confirm: true });
    return { version, raised: true };
  } catch (error) {
    const { code, message } = error as Error & { code?: number };
    return { version, raised: false, ...(code !== COMMAND_NOT_FOUND && { reason: message }) };
  }
}
