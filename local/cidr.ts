import { isIP } from "node:net";

/** A block of IP addresses. */
export interface Cidr {
  family: 4 | 6;
  /** Its first address, as a number. */
  first: bigint;
  /** Leading bits that are fixed: 0 to 32, or to 128. */
  prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;

/** How many addresses are in it. */
export function size({ family, prefix }: Cidr): bigint {
  return 1n << BigInt(BITS[family] - prefix);
}

/** The block of `text`, or of a single address; undefined when it is none, or has bits set after its prefix. */
export function parseCidr(text: string): Cidr | undefined {
  const [address = "", bits, more] = text.split("/");
  const family = isIP(address) as 0 | 4 | 6;
  const readable = family !== 0 && !address.includes("%") && more === undefined;
  if (!readable || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
  const prefix = bits === undefined ? BITS[family] : Number(bits);
  if (prefix > BITS[family]) return undefined;
  const block: Cidr = { family, first: family === 4 ? number4(address) : number6(address), prefix };
  return block.first % size(block) === 0n ? block : undefined;
}

export function formatCidr({ family, first, prefix }: Cidr): string {
  return `${formatAddress(family, first)}/${prefix}`;
}

export function formatAddress(family: 4 | 6, address: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 0xffn).join(".");
  const groups = Array.from({ length: 8 }, (_, i) => (address >> BigInt(112 - 16 * i)) & 0xffffn);
  // The URL parser knows how IPv6 addresses are shortened.
  return new URL(`http://[${groups.map((group) => group.toString(16)).join(":")}]`).hostname.slice(1, -1);
}

/** Whether all of `inner` lies in `outer`. */
export function holds(outer: Cidr, inner: Cidr): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  return inner.first / size(outer) === outer.first / size(outer);
}

/** Blocks lie apart, or one in the other. */
export function overlap(one: Cidr, other: Cidr): boolean {
  return holds(one, other) || holds(other, one);
}

/** The first block of `prefix` bits that begins after `previous` ends. */
export function following(previous: Cidr, prefix: number): Cidr {
  const block = { family: previous.family, first: 0n, prefix };
  const last = previous.first + size(previous) - 1n;
  return { ...block, first: (last / size(block) + 1n) * size(block) };
}

function number4(address: string): bigint {
  return address.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function number6(address: string): bigint {
  const { hostname } = new URL(`http://[${address}]`);
  const [head = "", tail] = hostname.slice(1, -1).split("::");
  const groups = (text: string) => text.split(":").filter(Boolean);
  const [left, right] = [groups(head), groups(tail ?? "")];
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => "0");
  return [...left, ...zeros, ...right].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}
