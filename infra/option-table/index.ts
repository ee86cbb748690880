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
