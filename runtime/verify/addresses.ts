import { BlockList, isIP, isIPv6 } from "node:net";
import type { IncomingRequest } from "../event";

/** The text of `--verify-ips`: addresses and networks with commas between them; undefined when it is none. */
export function parseAddresses(text: string): BlockList | undefined {
  const list = new BlockList();
  for (const part of text.split(",").map((each) => each.trim())) {
    const [address = "", bits, ...rest] = part.split("/");
    const family = isIP(address);
    if (family === 0 || rest.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
    const all = family === 4 ? 32 : 128;
    if (Number(bits ?? all) > all) return undefined;
    list.addSubnet(address, Number(bits ?? all), family === 4 ? "ipv4" : "ipv6");
  }
  return list;
}

const LOOPBACK = parseAddresses("127.0.0.0/8,::1")!;

/** Lists by their text: a deployment has one. */
const parsed = new Map<string, BlockList | undefined>();

/**
 * Who sent a request: the gateway's peer, or, when that is a proxy on this very machine, whom the proxy names last.
 * What stands before that in `x-forwarded-for` anybody can write.
 */
export function senderAddress({ sourceIp, headers }: IncomingRequest): string {
  if (!has(LOOPBACK, sourceIp)) return sourceIp;
  const chain = (headers["x-forwarded-for"] ?? "").split(",").map((each) => bare(each.trim()));
  // The last that is not this machine itself, also when it is no address: what stands before it is the sender's own.
  return chain.reverse().find((address) => !has(LOOPBACK, address)) || sourceIp;
}

/** Some proxies add a port: `203.0.113.9:4711`, `[2001:db8::1]:4711`. */
function bare(text: string): string {
  return /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
}

function has(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** Why a sender is not let in; undefined when its address is in the list. */
export function addressProblem(text: string, request: IncomingRequest): string | undefined {
  if (!parsed.has(text)) parsed.set(text, parseAddresses(text));
  const list = parsed.get(text);
  if (!list) return "the list of addresses cannot be read";
  const address = senderAddress(request);
  return has(list, address) ? undefined : `the address ${address} is not in the list`;
}
