import type { Resolved } from "../../infra/options";
import { makeProgramDir } from "../deployments/room";

/**
 * Bundles and loads the user's code as the program will, before anything is begun for it.
 * Throws HANDLER_MISSING, HANDLER_INVALID, HANDLER_NO_DEFAULT, HANDLER_NO_VERIFY, HANDLER_THROWS.
 */
export async function checkUserCode(home: string, name: string, resolved: Resolved): Promise<void> {
  const { preQueue, postQueue } = resolved;
  if (!preQueue && !postQueue) return;
  const { bundleHandler, userRequest } = await import("../../infra/bundle");
  const cwd = makeProgramDir(home);
  const options = { name, ...resolved };
  if (preQueue) await bundleHandler({ ...userRequest("pre-queue", options), cwd });
  if (postQueue) await bundleHandler({ ...userRequest("post-queue", options), cwd });
}
