import { dirname } from "node:path";
import { writeProviderLaunchers } from "../../local/provider/launchers";
import type { Command } from "../command";
import { operated } from "../deployments/deployments";
import { backendOf } from "../deployments/places";
import { ensureEngine } from "../engine/engine";
import { json, line } from "../io";
import { exportedVariables, exportLines, launchersDir } from "../operate/pulumi-exports";

export const command: Command = {
  name: "env",
  usage: "env <name>",
  summary: "The exports a bare `pulumi` needs for <name>",
  describe:
    "Prints shell lines after which `pulumi preview`, `pulumi config` and `pulumi stack output` in Nami's folder see this " +
    "name as Nami's own commands do: engine, Node, state, passphrase, config, and for a local name Nami's own provider.",
  examples: ['eval "$(nami env orders)" && pulumi preview -s orders'],
  run: async (args, io) => {
    const { home, name, target, region } = await operated(args, io);
    const { state: backend } = backendOf(home, io, name, args.state);
    const { binary } = await ensureEngine({ home, io });
    const launchers = target === "local" ? launchersDir(home) : undefined;
    if (launchers) writeProviderLaunchers(launchers, home);
    const facts = {
      home,
      name,
      target,
      region,
      backend,
      engineDir: dirname(binary),
      launchers,
      env: io.env,
    };
    if (args.json) json(io, exportedVariables(facts));
    else for (const text of exportLines(facts)) line(io, text);
  },
};
