import type { Resolved } from "../../infra/options";
import { makeProgramDir } from "../deployments/room";

/**
 * Bundles and loads the user's code as the program will, before anything is begun for it.
 * Throws HANDLER_MISSING, HANDLER_INVALID, HANDLER_NO_DEFAULT, HANDLER_THROWS.
 */
export async function checkUserCode(
  home: string,
  name: string,
  { preQueue, postQueue, verify }: Resolved,
): Promise<void> {
  if (!preQueue && !postQueue) return;
  const { bundleHandler } = await import("../../infra/bundle");
  const cwd = makeProgramDir(home);
  if (preQueue)
    await bundleHandler({
      kind: "pre-queue",
      name,
      userFile: preQueue,
      preset: verify,
      needsVerify: verify === "custom",
      cwd,
    });
  if (postQueue) await bundleHandler({ kind: "post-queue", name, userFile: postQueue, cwd });
}
