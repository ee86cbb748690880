import { version } from "../../infra/version";
import { namiHome } from "../../local/paths";
import type { Command } from "../command";
import { facts } from "../display/table";
import { findEngine } from "../engine/engine";
import { json, line } from "../io";

export const command: Command = {
  name: "version",
  usage: "version",
  summary: "Versions of Nami, Node and the engine",
  describe:
    "Prints the versions of Nami, of the Node it runs on, and of the Pulumi engine if one is there already.",
  examples: ["nami version", "nami version --json"],
  run: async (args, io) => {
    const { engine } = await findEngine({ home: namiHome(io.env), io });
    const found = { nami: version, node: process.versions.node, engine: engine ?? null };
    if (args.json) return json(io, found);
    const place = engine ? `${engine.version} (${engine.binary})` : "none yet; the first `nami up` gets one";
    line(
      io,
      facts(io, [
        ["nami", version],
        ["node", process.versions.node],
        ["engine", place],
      ]),
    );
  },
};
