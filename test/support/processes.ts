import { createRequire } from "node:module";
import { join } from "node:path";
import { root } from "./nami";

/** The processes that have the text in their command line or environment; this one is not counted. */
export const { processesWith } = createRequire(__filename)(
  join(root, "tools", "testing", "processes.js"),
) as { processesWith(text: string): { pid: number }[] };
