import type { Table } from "./declared";

/** The network of what must reach MongoDB. */
export const network = {
  vpc: {
    kind: "text",
    default: "default",
    pattern: /^(default|new|vpc-[0-9a-f]{8,17})$/,
    example: "default, new or vpc-0a1b2c3d",
    scope: "pipeline",
    text: "VPC of the MongoDB host and the functions that reach it: the default one, a new one for this name, or one of yours.",
  },
  egress: {
    kind: "choice",
    choices: ["none", "ipv6", "nat"],
    default: "none",
    scope: "pipeline",
    text: "What your post-queue code may reach beside MongoDB: nothing, the internet by IPv6 (free), or by a NAT gateway (about 33 USD a month). With --mongo-uri: what the VPC lets it, and the internet where there is none.",
  },
} as const satisfies Table;
