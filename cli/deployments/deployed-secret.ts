import { withDeployedConfig } from "./deployed-config";
import type { Workbench } from "./room";

/** The value of a secret that a name was deployed with; undefined when it has none. */
export function deployedSecret(
  bench: Workbench,
  name: string,
  option: "secret" | "codeSecrets",
): Promise<string | undefined> {
  return withDeployedConfig(bench, { project: "nami", stack: name }, async (stack) => {
    const written = await stack.written();
    if (written[option] === undefined) return undefined;
    const { stdout } = await stack.call(["config", "get", `nami:${option}`, "--stack", name]);
    return stdout.replace(/\r?\n$/, "");
  });
}
