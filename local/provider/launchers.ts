import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { nodeArguments } from "../node-arguments";

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function launcher(home: string | undefined): string {
  const command = [process.execPath, ...nodeArguments(__dirname, "main")].map(quoted).join(" ");
  const tsconfig = join(__dirname, "..", "..", "tsconfig.json");
  return [
    "#!/bin/sh",
    "# Nami's own provider in place of the AWS one. Written by nami env.",
    ...(home ? [`export NAMI_HOME=${quoted(resolve(home))}`] : []),
    // ts-node reads the tsconfig of the folder it is started in, which is not ours here.
    ...(existsSync(tsconfig) ? [`export TS_NODE_PROJECT=${quoted(tsconfig)}`] : []),
    `exec ${command} "$@"`,
    "",
  ].join("\n");
}

/**
 * Writes `pulumi-resource-aws` and `pulumi-resource-awsx` into `dir`, for the PATH of a bare `pulumi`.
 * @param home NAMI_HOME they use; default: the one of their environment
 */
export function writeProviderLaunchers(dir: string, home?: string): void {
  mkdirSync(dir, { recursive: true });
  for (const name of ["pulumi-resource-aws", "pulumi-resource-awsx"]) {
    const draft = join(dir, `.${name}.${process.pid}`);
    writeFileSync(draft, launcher(home), { mode: 0o755 });
    renameSync(draft, join(dir, name));
  }
}
