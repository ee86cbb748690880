import { mkdirSync } from "node:fs";
import { findHost, startHost, stopHost } from "../../local/host/client";
import { DEFAULT_LISTEN, readSettings, writeSettings } from "../../local/host/settings";
import { paths } from "../../local/paths";
import type { HostSettings } from "../../local/protocol";
import type { Args } from "../command";
import { hostOptions } from "../command-line/host-options";

/** Where the gateway of this machine is. */
export interface LocalGateway {
  listen: string;
  /** What senders are told. */
  publicUrl: string;
  running: boolean;
}

export async function localGateway(home: string): Promise<LocalGateway> {
  const running = await findHost(home);
  const { listen, publicUrl } = readSettings(home);
  const url = running?.gatewayUrl ?? `http://${listen}`;
  return { listen, publicUrl: running?.publicUrl ?? publicUrl ?? url, running: Boolean(running) };
}

/** `none` is the word of earlier versions. */
const isEmpty = (value: unknown) => value === "" || value === "none";

/** What was given of --listen and --public-url, an empty value being the default; undefined when nothing was. Throws USAGE. */
export function wantedSettings(kept: HostSettings, args: Args): HostSettings | undefined {
  if (args.listen === undefined && args.publicUrl === undefined) return undefined;
  const { publicUrl, listen } = kept;
  const given = hostOptions(
    {
      ...args,
      listen: isEmpty(args.listen) ? undefined : args.listen,
      publicUrl: isEmpty(args.publicUrl) ? undefined : args.publicUrl,
    },
    "gateway",
  );
  return {
    listen: isEmpty(args.listen) ? DEFAULT_LISTEN : listen,
    ...(publicUrl !== undefined && !isEmpty(args.publicUrl) && { publicUrl }),
    ...given,
  };
}

/** A running host is stopped, which drains what it has at work; one that cannot start anew gets its old settings back. */
async function restart(home: string, before: HostSettings, after: HostSettings): Promise<void> {
  await stopHost(home);
  writeSettings(home, after);
  try {
    await startHost(home);
  } catch (error) {
    writeSettings(home, before);
    await startHost(home);
    throw error;
  }
}

/** Keeps the settings; a host that runs begins to listen there. Throws what local/host/start.ts does. */
export async function moveGateway(home: string, kept: HostSettings, wanted: HostSettings): Promise<void> {
  mkdirSync(paths.host(home), { recursive: true, mode: 0o700 });
  if (await findHost(home)) await restart(home, kept, wanted);
  else writeSettings(home, wanted);
}
