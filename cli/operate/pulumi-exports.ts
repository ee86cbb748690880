import { dirname, join } from "node:path";
import { packageRoot } from "../../infra/package-root";
import { paths } from "../../local/paths";
import { passphraseEnv } from "../deployments/passphrase";
import { PASSPHRASE, type SecretsProvider } from "../deployments/secrets-provider";
import { isShared } from "../deployments/state";
import { shellQuote } from "./shell-quote";

export interface ExportsFor {
  home: string;
  name: string;
  target: string;
  region: string;
  /** URL of the state backend. */
  backend: string;
  secretsProvider: SecretsProvider;
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

/** A passphrase that was given as such is not printed: whoever gave it has it in the environment. */
function passphrase({ home, env, backend, secretsProvider }: ExportsFor): Record<string, string> {
  if (secretsProvider !== PASSPHRASE) return {};
  const { PULUMI_CONFIG_PASSPHRASE: given, ...others } = passphraseEnv(home, env, isShared(home, backend));
  return given === undefined ? others : {};
}

/** Folders that stand first on PATH: Nami's provider, the engine, the Node this runs on. */
function pathDirs({ launchers, engineDir }: ExportsFor): string[] {
  return [launchers, engineDir, dirname(process.execPath)].filter((dir) => dir !== undefined);
}

/**
 * Everything but PATH. Any flag of pulumi can be given as PULUMI_OPTION_<FLAG>
 * (pulumi 3.259.0, cmd/pulumi/pulumi.go, declareFlagsAsEnvironmentVariables).
 */
function variables(facts: ExportsFor): Record<string, string> {
  const { home, name, backend, target, region } = facts;
  return {
    PULUMI_BACKEND_URL: backend,
    PULUMI_DIY_BACKEND_GZIP: "false",
    ...passphrase(facts),
    PULUMI_HOME: paths.pulumi(home),
    NAMI_HOME: home,
    PULUMI_STACK: name,
    PULUMI_OPTION_CONFIG_FILE: configFile(home, name),
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: String(target === "local"),
    AWS_REGION: region,
    ...(facts.env.AWS_PROFILE && { AWS_PROFILE: facts.env.AWS_PROFILE }),
  };
}

/** As one object, PATH with what it already was. */
export function exportedVariables(facts: ExportsFor): Record<string, string> {
  return { PATH: [...pathDirs(facts), facts.env.PATH ?? ""].join(":"), ...variables(facts) };
}

/**
 * The lines a shell evaluates before a bare `pulumi` in Nami's folder: it then sees the same stack, config and
 * providers as Nami's own commands.
 */
export function exportLines(facts: ExportsFor): string[] {
  return [
    `# In ${packageRoot()}: pulumi preview -s ${facts.name}`,
    `export PATH=${pathDirs(facts).map(shellQuote).join(":")}:"$PATH"`,
    // A provider attached by a surrounding run would be asked instead of the one on PATH.
    "unset PULUMI_DEBUG_PROVIDERS",
    // Keys would win over the profile.
    ...(facts.env.AWS_PROFILE ? ["unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"] : []),
    ...Object.entries(variables(facts)).map(([key, value]) => `export ${key}=${shellQuote(value)}`),
  ];
}
