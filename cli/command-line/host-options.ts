import type { StartOptions } from "../../local/host/client";
import type { Args, Flag } from "../command";
import { cliError } from "../errors";

/** The flags of everything that can start the host. */
export const hostFlags: readonly Flag[] = [
  {
    name: "listen",
    type: "string",
    placeholder: "ADDR:PORT",
    describe: "Where the gateway listens; kept. Anything but 127.0.0.1 is open to the network",
  },
  {
    name: "public-url",
    type: "string",
    placeholder: "URL",
    describe: "What senders are told, when a TLS proxy or a tunnel stands before the gateway; kept",
  },
];

function listenOf(text: string, verb: string): string {
  const [, port] = /^(?:[\w.-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(text) ?? [];
  if (port !== undefined && Number(port) <= 65_535) return text;
  throw cliError("USAGE", { problem: `--listen is ADDRESS:PORT, e.g. 127.0.0.1:6264, not "${text}".`, verb });
}

/** Without the slash at its end: names are put behind it. */
function publicUrlOf(text: string, verb: string): string {
  const url = URL.parse(text);
  const plain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username;
  if (plain) return url.href.replace(/\/+$/, "");
  throw cliError("USAGE", {
    problem: `--public-url is like https://hooks.example.com, not "${text}".`,
    verb,
  });
}

/** What was given of --listen and --public-url. Throws USAGE. */
export function hostOptions(args: Args, verb: string): StartOptions {
  const { listen, publicUrl } = args as { listen?: string; publicUrl?: string };
  return {
    ...(listen !== undefined && { listen: listenOf(listen, verb) }),
    ...(publicUrl !== undefined && { publicUrl: publicUrlOf(publicUrl, verb) }),
  };
}
