import { operatedBy } from "../../cli/deployments/deployments";
import { readStack } from "../../cli/deployments/state";
import { Operator } from "../../cli/operate/operator";
import { paths } from "../../local/paths";

/** The operating half of a name of a test's NAMI_HOME; to be closed. */
export function operatorOf(home: string, name: string): Operator {
  const stack = readStack(paths.state(home), "nami", name);
  if (!stack) throw new Error(`${name} is not deployed`);
  return new Operator(operatedBy(home, stack.outputs));
}
