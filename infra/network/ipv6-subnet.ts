/**
 * The /64 with this number (0..255) of a VPC's /56, e.g. ("2600:1f13:abc:de00::/56", 0x80) → "2600:1f13:abc:de80::/64".
 * A VPC's block is always a /56, a subnet's a /64 (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html).
 * Throws an Error for a text that is no such block.
 */
export function ipv6Subnet(block: string, index: number): string {
  const groups = /^([0-9a-f:]+?)(::)?\/56$/.exec(block)?.[1]?.split(":");
  if (!groups || groups.length > 4) throw new Error(`${block} is no IPv6 block of a VPC (a /56).`);
  const whole = [...groups, "0", "0", "0"].slice(0, 4);
  const fourth = (Number.parseInt(whole[3]!, 16) & 0xff00) | index;
  return `${[...whole.slice(0, 3), fourth.toString(16)].join(":")}::/64`;
}
