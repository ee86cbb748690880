import { existsSync } from "node:fs";
import { paths } from "../../../local/paths";
import { CodedError } from "../../../runtime/coded-error";
import { type StackCopy, takeCopy } from "../../deployments/copy-stack";
import type { Room, Workbench } from "../../deployments/room";
import type { Io } from "../../io";

type Variables = Record<string, string | undefined>;

/** The same, with another passphrase in the environment. */
function withVariables(bench: Workbench, variables: Variables): Workbench {
  const { PULUMI_CONFIG_PASSPHRASE: _given, PULUMI_CONFIG_PASSPHRASE_FILE: _file, ...env } = bench.io.env;
  const io: Io = { ...bench.io, env: { ...env, ...variables } };
  return { ...bench, io };
}

/** The source's own passphrase in place of the one in the environment, for whoever gives both. */
export function atSource(io: Io): Io {
  const { NAMI_FROM_PASSPHRASE: passphrase, PULUMI_CONFIG_PASSPHRASE_FILE: _file, ...env } = io.env;
  if (passphrase === undefined) return io;
  const own = { NAMI_FROM_PASSPHRASE: passphrase, PULUMI_CONFIG_PASSPHRASE: passphrase };
  return { ...io, env: { ...env, ...own } };
}

/**
 * What the source may be encrypted with, likeliest first: a passphrase for the source alone, this NAMI_HOME's own (the
 * one that is given may be the destination's), the one that is given.
 */
function candidates(home: string, { env }: Io): Variables[] {
  const {
    NAMI_FROM_PASSPHRASE: source,
    PULUMI_CONFIG_PASSPHRASE: given,
    PULUMI_CONFIG_PASSPHRASE_FILE: file,
  } = env;
  return [
    source !== undefined && { PULUMI_CONFIG_PASSPHRASE: source },
    existsSync(paths.passphrase(home)) && { PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphrase(home) },
    given !== undefined && { PULUMI_CONFIG_PASSPHRASE: given },
    file !== undefined && { PULUMI_CONFIG_PASSPHRASE_FILE: file },
  ].filter((each) => each !== false);
}

/** Reads a stack out of the source, with whichever passphrase opens it. Throws PASSPHRASE_WRONG when none does. */
export async function takeCopyWith(bench: Workbench, room: Room): Promise<StackCopy> {
  const all = candidates(bench.home, bench.io);
  for (const [i, variables] of all.entries()) {
    try {
      return await takeCopy(withVariables(bench, variables), room);
    } catch (error) {
      const wrong = error instanceof CodedError && error.code === "PASSPHRASE_WRONG";
      if (!wrong || i === all.length - 1) throw error;
    }
  }
  return takeCopy(bench, room);
}
