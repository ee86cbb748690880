import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { optionsPage } from "../../infra/options-page";
import { packageRoot } from "../../infra/package-root";
import type { Command } from "../command";
import { errorsPage } from "../display/errors-page";
import { presetsPage } from "../display/presets-page";
import { note } from "../io";

/** The generated pages, by their path in the project. */
export const pages: Record<string, () => string> = {
  "docs/options.md": optionsPage,
  "docs/errors.md": errorsPage,
  "docs/presets.md": presetsPage,
};

export const command: Command = {
  name: "docs",
  usage: "docs",
  summary: "Regenerate docs/options.md, docs/errors.md and docs/presets.md",
  describe:
    "Writes the pages that are derived from the option schema, the error catalogues and the presets; a test fails when they are stale.",
  examples: ["nami docs"],
  run: async (_args, io) => {
    for (const [path, page] of Object.entries(pages)) {
      writeFileSync(join(packageRoot(), path), page());
      note(io, `wrote ${path}`);
    }
  },
};
