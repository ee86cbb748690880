import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { nodeProgram } from "../node-program";

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function launcher(home: string | undefined): string {
  const args = nodeProgram(__dirname, "main");
  return [
    "#!/bin/sh",
    "# Nami's own provider in place of the AWS one. Written by nami env.",
    ...(home ? [`export NAMI_HOME=${quoted(resolve(home))}`] : []),
    `exec ${[process.execPath, ...args].map(quoted).join(" ")} "$@"`,
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
