// Whether dist/ holds what the sources say. Plain JavaScript that an old Node can still read: the launcher asks, too.

const { existsSync, readdirSync, statSync } = require("node:fs");
const { join } = require("node:path");

/** When the newest file under a folder was changed, in milliseconds since 1970. */
function newest(dir) {
  let time = 0;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    time = Math.max(time, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return time;
}

/** Whether the build of the checkout at `root` is there and as new as its sources. A package from npm has the build alone. */
function buildIsFresh(root) {
  const stamp = join(root, "dist", ".built");
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  return ["cli", "infra", "local", "runtime"].every((dir) => {
    const sources = join(root, dir);
    return !existsSync(sources) || newest(sources) <= built;
  });
}

module.exports = { buildIsFresh };
