import { dirname, join } from "node:path";
import { paths } from "../local/paths";
import { packageRoot } from "./package-root";
import { shellQuote } from "./shell-quote";

export interface ExportsFor {
  home: string;
  name: string;
  target: string;
  region: string;
  /** URL of the state backend. */
  backend: string;
  /** Folder of the engine's binary. */
  engineDir: string;
  /** Folder of `pulumi-resource-aws` and `pulumi-resource-awsx`; local target only. */
  launchers?: string;
  env: NodeJS.ProcessEnv;
}

/** Where `nami env` puts the executables that a bare `pulumi` takes for the AWS providers. */
export function launchersDir(home: string): string {
  return join(paths.work(home), "launchers");
}

/** The file that the CLI keeps the stack's config in; a bare `pulumi` would look beside Pulumi.yaml. */
export function configFile(home: string, name: string): string {
  return join(paths.work(home), "nami", name, `Pulumi.${name}.yaml`);
}

/** PULUMI_CONFIG_PASSPHRASE wins over the file, as in Nami's own commands: then it is theirs to export. */
function passphrase({ home, env }: ExportsFor): Record<string, string> {
  return env.PULUMI_CONFIG_PASSPHRASE === undefined
    ? { PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphrase(home) }
    : {};
}

/**
 * The lines a shell evaluates before a bare `pulumi` in Nami's folder: it then sees the same stack, config and
 * providers as Nami's own commands. Any flag of pulumi can be given as PULUMI_OPTION_<FLAG>
 * (pulumi 3.259.0, cmd/pulumi/pulumi.go, declareFlagsAsEnvironmentVariables).
 */
export function exportLines(facts: ExportsFor): string[] {
  const { home, name, launchers, engineDir } = facts;
  const path = [launchers, engineDir, dirname(process.execPath)]
    .filter((dir) => dir !== undefined)
    .map(shellQuote);
  const variables: Record<string, string> = {
    PULUMI_BACKEND_URL: facts.backend,
    ...passphrase(facts),
    PULUMI_HOME: paths.pulumi(home),
    NAMI_HOME: home,
    PULUMI_STACK: name,
    PULUMI_OPTION_CONFIG_FILE: configFile(home, name),
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: facts.target === "local" ? "true" : "false",
    AWS_REGION: facts.region,
  };
  return [
    `# In ${packageRoot()}: pulumi preview -s ${name}`,
    `export PATH=${path.join(":")}:"$PATH"`,
    // A provider attached by a surrounding run would be asked instead of the one on PATH.
    "unset PULUMI_DEBUG_PROVIDERS",
    ...Object.entries(variables).map(([key, value]) => `export ${key}=${shellQuote(value)}`),
  ];
}
