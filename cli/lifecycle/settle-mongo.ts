import { seriesOf } from "../../infra/mongo-series";
import type { Compatibility } from "../../runtime/compatibility";
import { answeredVersion, keepAnswered } from "../deployments/data-config";
import { type Operated, Operator } from "../operate/operator";
import type { Work } from "./shared-stacks";

async function raise(deployment: Operated, series: string): Promise<Compatibility> {
  const operator = new Operator(deployment);
  try {
    return await operator.invoke<Compatibility>({ action: "raiseCompatibility", series });
  } finally {
    operator.close();
  }
}

/**
 * MongoDB has answered with the version that was asked for: it uses what that version can, and the name's data tells
 * it, so that an older one is refused from now on. Until then the way back is open. What could not be raised is told, and
 * tried again by the next `up`.
 */
export async function settleMongo(work: Work, deployment: Operated): Promise<void> {
  const { bench, chosen, progress } = work;
  const { mongoUri, mongoVersion } = chosen.resolved;
  const { name } = deployment;
  if (mongoUri) return;
  if ((await answeredVersion(bench, name)) === mongoVersion) return;
  const { reason } = await raise(deployment, seriesOf(mongoVersion));
  if (reason) {
    progress.say(
      `MongoDB ${mongoVersion} goes on as the version before: ${reason}. The next up tries again.`,
    );
    return;
  }
  await keepAnswered(bench, name, mongoVersion);
}
