/**
 * THE option schema. Flags, environment variables, stack config, help and docs/options.md are derived from this table.
 * Pure data: `nami help` and `nami ls` load it. To be read through options.ts.
 */
import type { Table } from "./declared";
import { functions } from "./functions";
import { gateway } from "./gateway";
import { network } from "./network";
import { place } from "./place";
import { queue } from "./queue";
import { store } from "./store";
import { verification } from "./verification";
import { watch } from "./watch";

export type { Declared, OptionKind, OptionScope } from "./declared";

export const table = {
  ...place,
  ...verification,
  ...functions,
  ...queue,
  ...store,
  ...network,
  ...watch,
  ...gateway,
} as const satisfies Table;

/** Under which heading help shows an option. */
const SECTIONS: Record<string, Table> = {
  "Where it runs": place,
  "Who may post, and what is answered": verification,
  "Functions, and your own code": functions,
  Queue: queue,
  Store: store,
  Network: network,
  Watch: watch,
  Gateway: gateway,
};

/** The heading of an option of the table. */
export function sectionOf(name: keyof typeof table): string {
  return Object.keys(SECTIONS).find((title) => name in SECTIONS[title]!)!;
}
