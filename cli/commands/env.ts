import { dirname } from "node:path";
import { writeProviderLaunchers } from "../../local/provider/launchers";
import type { Command } from "../command";
import { operated } from "../deployments/deployments";
import { readingBench } from "../deployments/reading-bench";
import { keepSettings, type Workbench } from "../deployments/room";
import { PASSPHRASE } from "../deployments/secrets-provider";
import { isShared } from "../deployments/state";
import { json, line } from "../io";
import { exportedVariables, exportLines, launchersDir } from "../operate/pulumi-exports";

/** A bare `pulumi` reads the config from a file: that of shared state may be missing here, or older than the last `up`. */
async function fetchConfig(bench: Workbench, stack: string): Promise<void> {
  if (!isShared(bench.home, bench.state)) return;
  const { withDeployedConfig } = await import("../deployments/deployed-config");
  await withDeployedConfig(bench, { project: "nami", stack }, async (open) =>
    keepSettings(bench, open.room, open.dir),
  );
}

export const command: Command = {
  name: "env",
  usage: "env <name>",
  summary: "The exports a bare `pulumi` needs for <name>",
  describe:
    "Prints shell lines after which `pulumi preview`, `pulumi config` and `pulumi stack output` in Nami's folder see this " +
    "name as Nami's own commands do: engine, Node, state, passphrase, config, and for a local name Nami's own provider.",
  examples: ['eval "$(nami env orders)" && pulumi preview -s orders'],
  run: async (args, io) => {
    const deployed = await operated(args, io);
    const { home, name, target, region } = deployed;
    const bench = await readingBench(deployed, io);
    await fetchConfig(bench, name);
    const launchers = target === "local" ? launchersDir(home) : undefined;
    if (launchers) writeProviderLaunchers(launchers, home);
    const facts = {
      home,
      name,
      target,
      region,
      backend: bench.state,
      secretsProvider: bench.secretsProvider ?? PASSPHRASE,
      engineDir: dirname(bench.engine.binary),
      launchers,
      env: io.env,
    };
    if (args.json) json(io, exportedVariables(facts));
    else for (const text of exportLines(facts)) line(io, text);
  },
};
