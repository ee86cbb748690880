/** What the local target needs to know of an EC2 instance type. */
export interface InstanceType {
  memoryGib: number;
  architecture: "arm64" | "x86_64";
}

/** Of the burstable families t2, t3, t3a and t4g. */
const BURSTABLE_GIB: Record<string, number> = {
  nano: 0.5,
  micro: 1,
  small: 2,
  medium: 4,
  large: 8,
  xlarge: 16,
  "2xlarge": 32,
};

/** GiB for each vCPU: c, m and r from the fifth generation on, and the families built for other ratios. */
const GIB_PER_VCPU: [family: RegExp, gib: number][] = [
  [/^c5n$/, 2.625],
  [/^(c([5-9]|\d\d)|a1)/, 2],
  [/^(m([5-9]|\d\d)|im4gn$)/, 4],
  [/^is4gen$/, 6],
  [/^(r([5-9]|\d\d)|i4[gi]$)/, 8],
  [/^(x2gd|x8g)$/, 16],
];

/** "large" is two vCPUs, "4xlarge" sixteen. */
function vcpus(size: string): number | undefined {
  const named = { medium: 1, large: 2, xlarge: 4 }[size];
  const times = /^(\d+)xlarge$/.exec(size)?.[1];
  return named ?? (times ? Number(times) * 4 : undefined);
}

/**
 * Memory and architecture, derived from the name ("Amazon EC2 instance type naming conventions": a `g` after the
 * generation is Graviton) instead of a list of a thousand types. Undefined for a type the derivation does not cover.
 */
export function instanceType(name: string): InstanceType | undefined {
  const [, family = "", attributes = "", size = ""] = /^([a-z]+\d+([a-z-]*))\.(\w+)$/.exec(name) ?? [];
  const burstable = /^t\d/.test(family);
  const gibPerVcpu = GIB_PER_VCPU.find(([pattern]) => pattern.test(family))?.[1];
  const memoryGib = burstable
    ? BURSTABLE_GIB[size]
    : (vcpus(size) ?? Number.NaN) * (gibPerVcpu ?? Number.NaN);
  if (!memoryGib) return undefined;
  const graviton = attributes.includes("g") || family === "a1";
  return { memoryGib, architecture: graviton ? "arm64" : "x86_64" };
}

/** A machine of one architecture cannot become one of another: terraform-provider-aws replaces it then. */
export function sameArchitecture(one: string, other: string): boolean {
  const [first, second] = [instanceType(one), instanceType(other)];
  return !first || !second || first.architecture === second.architecture;
}
