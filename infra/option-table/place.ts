import type { Table } from "./declared";

/** Where a name lives, and as whom one goes there. */
export const place = {
  target: {
    kind: "choice",
    choices: ["local", "aws"],
    default: "local",
    scope: "place",
    text: "Where the pipeline runs: on this machine, or in your AWS account.",
  },
  region: {
    kind: "text",
    default: "us-east-1",
    pattern: /^[a-z]{2}(-[a-z]+)+-\d$/,
    example: "eu-central-1",
    scope: "place",
    text: "AWS region; on this machine only a part of names and ARNs.",
  },
  profile: {
    kind: "text",
    pattern: /^[^\s=[\]]{1,128}$/,
    example: "production",
    scope: "person",
    text: "Profile of ~/.aws/config to work with; remembered for the name on this machine.",
  },
} as const satisfies Table;
