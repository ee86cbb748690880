import { delimiter, dirname } from "node:path";
import { findWall, type Wall } from "../../local/host/functions/wall";
import { bubblewrapFolder } from "../../tools/bubblewrap";
import { sharedTools } from "./home";

/** bubblewrap around a NAMI_HOME; text: why there is none on this machine. */
export async function wallAround(home: string): Promise<Wall | string> {
  const folder = bubblewrapFolder(dirname(sharedTools));
  const wall = await findWall(home, { PATH: [folder, process.env.PATH].filter(Boolean).join(delimiter) });
  return "missing" in wall ? wall.missing : wall;
}
