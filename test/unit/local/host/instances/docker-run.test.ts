import assert from "node:assert/strict";
import { parseRun } from "../../../../../local/host/instances/docker-run";

describe("a docker run command of a local machine", () => {
  it("is read with its options in both forms", () => {
    const { id, ...container } = parseRun([
      "-d",
      "--name",
      "mongo-1",
      "--restart=always",
      "--label",
      "a.b=c=d e",
      "--publish",
      "27018:27017",
      "--memory",
      "1600m",
      "--ulimit",
      "nofile=64000:64000",
      "--stop-timeout",
      "60",
      "--mount",
      "type=bind,source=/a,b/c,target=/data/db",
      "--mount=type=bind,source=/s,target=/run/s,readonly",
      "--env",
      "A=b=c",
      "mongo:8.0",
      "--auth",
      "--name",
    ]);
    assert.match(id, /^[0-9a-f]{64}$/);
    assert.deepEqual(container, {
      name: "mongo-1",
      image: "mongo:8.0",
      labels: { "a.b": "c=d e" },
      ports: { "27017": 27018 },
      mounts: { "/data/db": "/a,b/c", "/run/s": "/s" },
      environment: { A: "b=c" },
      memoryMb: 1600,
      stopTimeout: 60,
      args: ["--auth", "--name"],
    });
  });

  for (const [what, words, problem] of [
    ["in the foreground", ["--name", "a", "mongo:8.0"], "docker run --name a mongo:8.0"],
    ["with another restart policy", ["-d", "--restart=no", "mongo:8.0"], "docker run --restart no"],
    [
      "with a volume that is no bind mount",
      ["-d", "--mount", "type=volume,source=a,target=/b"],
      "docker run --mount type=volume,source=a,target=/b",
    ],
    ["with an address that is no port", ["-d", "--publish", "27017"], "docker run --publish 27017"],
    ["with memory in another unit", ["-d", "--memory", "1g"], "docker run --memory 1g"],
    ["with an option nobody knows", ["-d", "--privileged", "mongo:8.0"], "docker run --privileged"],
  ] as const) {
    it(`is refused ${what}`, () => {
      const message = `docker: the local target does not know: ${problem}`;
      assert.throws(() => parseRun([...words]), { message, code: 64 });
    });
  }

  it("needs a name and an image", () => {
    assert.throws(() => parseRun(["-d", "--name", "a"]), { code: 125 });
    assert.throws(() => parseRun(["-d", "mongo:8.0"]), { code: 125 });
  });
});
