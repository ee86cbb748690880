import { seconds } from "../../infra/option-values";
import type { Args } from "../command";
import { cliError } from "../errors";
import type { Io } from "../io";

/** From when on, by --since; milliseconds since 1970. Throws USAGE. */
export function sinceOf({ since }: Args, io: Io, verb: string): number {
  const span = seconds(String(since));
  if (span !== undefined) return io.now() - span * 1000;
  throw cliError("USAGE", { problem: `--since is like 90s, 10m, 12h or 4d, not "${since}".`, verb });
}

/** How many, by --limit; undefined when it was not given and has no default. Throws USAGE. */
export function limitOf({ limit }: Args, verb: string): number | undefined {
  if (limit === undefined || (Number.isInteger(limit) && (limit as number) >= 1))
    return limit as number | undefined;
  throw cliError("USAGE", { problem: `--limit is a whole number from 1 on, not ${limit}.`, verb });
}
