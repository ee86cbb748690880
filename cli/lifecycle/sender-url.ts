import { readSettings } from "../../local/host/settings";

/** Where the gateway of this machine tells senders to post: `--public-url`, else the address it listens on. */
function localBase(home: string): string {
  const { publicUrl, listen } = readSettings(home);
  return publicUrl ?? `http://${listen}`;
}

/**
 * The URL of a name that holds now. On this machine the gateway's address may change between two `up`s, and a stack's
 * output is as old as the last one.
 */
export function senderUrl(home: string, target: unknown, url: string): string {
  return target === "local" ? localBase(home).replace(/\/$/, "") + new URL(url).pathname : url;
}
