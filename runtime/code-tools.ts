import { inspect } from "node:util";
import type { CodeSecrets } from "./code-secrets";
import type { CommonTools } from "./handlers";
import type { Log } from "./log";

/** What the tools of user code stand on. */
export interface CodePorts {
  log?: Log;
  secrets?: CodeSecrets;
}

const OWN = ["level", "message", "name", "id"];

const NO_SECRETS: CodeSecrets = Object.freeze(Object.create(null));

/** What every piece of user code is given. Its lines in the log name the event by `id`. */
export function commonTools(id: string, { log, secrets = NO_SECRETS }: CodePorts): CommonTools {
  return {
    log: (message, fields) => log?.("info", String(message), { id, ...writable(fields) }),
    secrets,
  };
}

/** A line of log that JSON cannot say (a BigInt, a circle) must not cost the event. */
function writable(fields: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  try {
    JSON.stringify(fields);
    // What Nami's own line says of itself, the user's fields must not take the place of.
    const taken = fields && OWN.some((name) => name in fields);
    return taken ? { fields } : fields;
  } catch {
    return { fields: inspect(fields) };
  }
}
