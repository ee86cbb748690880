import { readFileSync } from "node:fs";
import { writeDurably } from "../durable";
import { localError } from "../errors";
import { paths } from "../paths";
import type { HostSettings } from "../protocol";

export const DEFAULT_LISTEN = "127.0.0.1:6264";

/** Absent at the first start. @throws localError HOST_SETTINGS_INVALID */
export function readSettings(home: string): HostSettings {
  const file = paths.hostSettings(home);
  try {
    return { listen: DEFAULT_LISTEN, ...(JSON.parse(readFileSync(file, "utf8")) as Partial<HostSettings>) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { listen: DEFAULT_LISTEN };
    throw localError("HOST_SETTINGS_INVALID", { file, reason: (error as Error).message }, error);
  }
}

export function writeSettings(home: string, settings: HostSettings): void {
  writeDurably(paths.hostSettings(home), `${JSON.stringify(settings, undefined, 2)}\n`);
}
