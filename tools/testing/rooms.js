// The rooms of the tests, by what a test in them costs. Plain JavaScript for any Node from 20 on.

const { existsSync, readdirSync } = require("node:fs");
const { join } = require("node:path");

/** `together`: one process for all files; `serial`: nothing else runs beside a file; `asked`: not part of a whole run. */
const ROOMS = {
  unit: { together: true, require: ["./test/support/unit-room.ts"] },
  component: {},
  system: {},
  process: { serial: true },
  matrix: { asked: true },
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
