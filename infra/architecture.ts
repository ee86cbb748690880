export type Architecture = "arm64" | "x86_64";

/**
 * The processor of an EC2 instance type: Graviton families have a "g" after their generation (t4g, m7gd, c8gn,
 * im4gn), and a1 is the first of them.
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function architectureOf(instanceType: string): Architecture {
  return /^(a1|[a-z]+\d+g[a-z]*)\./.test(instanceType) ? "arm64" : "x86_64";
}
