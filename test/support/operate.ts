import { Backend } from "../../cli/deployments/backend";
import { operatedBy } from "../../cli/deployments/deployments";
import { ownState } from "../../cli/deployments/state";
import { Operator } from "../../cli/operate/operator";
import { capturedIo } from "./captured-io";

/** The operating half of a name of a test's NAMI_HOME; to be closed. */
export async function operatorOf(home: string, name: string): Promise<Operator> {
  const stack = await new Backend(home, capturedIo(), ownState(home)).stack("nami", name);
  if (!stack) throw new Error(`${name} is not deployed`);
  return new Operator(operatedBy(home, stack.outputs));
}
