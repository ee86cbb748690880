// The rooms of the tests, by what a test in them costs. Plain JavaScript for any Node from 20 on.

const { existsSync, readdirSync } = require("node:fs");
const { join } = require("node:path");

/**
 * `together`: one process for all files; `asked`: not part of a whole run; `seconds`: assumed for a file that has not run
 * yet, since the longest start first; `minutes`: the time limit of a file.
 */
const ROOMS = {
  unit: { together: true, seconds: 60, require: ["./test/support/unit-room.ts"] },
  component: { seconds: 10 },
  system: { seconds: 60 },
  process: { seconds: 60 },
  matrix: { asked: true, seconds: 60, minutes: 60 },
};

/** Test files of a room, relative to `root`. */
function filesOf(root, room) {
  const folder = join(root, "test", room);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => join("test", room, file))
    .sort();
}

/** The room of a test file. */
const roomOf = (file) => file.split("/")[1];

module.exports = { ROOMS, filesOf, roomOf };
