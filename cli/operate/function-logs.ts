import type { Io } from "../io";
import type { LogPlace } from "./logs";
import { credentialChain } from "./signed-call";

/** Functions of a pipeline as a person calls them, and as the outputs of its stack do. */
export const FUNCTIONS = {
  "pre-queue": "preQueue",
  "post-queue": "postQueue",
  operator: "operator",
  watchdog: "watchdog",
} as const;

export type FunctionName = keyof typeof FUNCTIONS;

export const functionNames = Object.keys(FUNCTIONS) as FunctionName[];

/** What of a deployment one must know to read its logs. */
export interface Logged {
  home: string;
  name: string;
  target: string;
  region: string;
  outputs: Record<string, unknown>;
}

/** The log groups of some functions of a deployment, by group: which function writes there. */
export function logGroups({ outputs }: Logged, which: readonly FunctionName[]): Map<string, FunctionName> {
  const groups = (outputs.logGroups ?? {}) as Record<string, string>;
  return new Map(which.map((name) => [groups[FUNCTIONS[name]]!, name]));
}

export function logPlace({ home, name, target, region }: Logged, io: Io): LogPlace {
  return { home, name, target, region, io, credentials: credentialChain(region) };
}
