import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cliError } from "../errors";
import { contract } from "./contract";
import { postQueue, preQueue } from "./handlers";

const FILES: Record<string, string> = {
  "pre-queue/index.ts": preQueue,
  "post-queue/index.ts": postQueue,
  "nami.d.ts": contract,
};

/** What was made. Whole paths. */
export interface Created {
  folder: string;
  preQueue: string;
  postQueue: string;
  types: string;
}

/** Makes what is not there of a folder's parents; answers the first that was made. */
function makeFolder(folder: string): string | undefined {
  return mkdirSync(folder, { recursive: true });
}

/**
 * Makes the folder of a name's own code. All of it or nothing: files that are there are nobody's to write over.
 * Throws FILES_EXIST with the first of them, and CANNOT_WRITE.
 */
export function createFolder(folder: string, name: string): Created {
  const there = Object.keys(FILES).find((file) => existsSync(join(folder, file)));
  if (there) throw cliError("FILES_EXIST", { file: join(folder, there), name });
  const made: string[] = [];
  try {
    for (const [file, text] of Object.entries(FILES)) {
      const path = join(folder, file);
      const first = makeFolder(dirname(path));
      if (first) made.push(first);
      // Whoever puts a file there meanwhile keeps it.
      writeFileSync(path, text, { flag: "wx" });
      made.push(path);
    }
  } catch (error) {
    for (const path of made.reverse()) rmSync(path, { recursive: true, force: true });
    throw cliError("CANNOT_WRITE", { folder, reason: (error as Error).message, name }, error);
  }
  return {
    folder,
    preQueue: join(folder, "pre-queue", "index.ts"),
    postQueue: join(folder, "post-queue", "index.ts"),
    types: join(folder, "nami.d.ts"),
  };
}
