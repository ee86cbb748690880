import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildEngine } from "../../../../cli/engine/build";
import { downloadEngine } from "../../../../cli/engine/download";
import { ENGINE_VERSION } from "../../../../cli/engine/version";
import { type CapturedIo, capturedIo } from "../../../support/captured-io";

describe("an engine is made", () => {
  let dir: string;
  let io: CapturedIo;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "nami-engine-"));
    io = capturedIo();
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  describe("by download", () => {
    async function served<T>(status: number, body: string, use: (url: string) => Promise<T>): Promise<T> {
      const server = createServer((_request, response) => response.writeHead(status).end(body));
      await new Promise<void>((next) => server.listen(0, "127.0.0.1", next));
      try {
        return await use(`http://127.0.0.1:${(server.address() as { port: number }).port}/install.sh`);
      } finally {
        server.close();
      }
    }

    it("which runs the official script with a root of Nami's", async () => {
      const script = 'echo "$@" > "$3.arguments"; mkdir -p "$3/bin"; echo done > "$3/bin/pulumi"';
      const root = join(dir, "made");
      await served(200, script, (url) => downloadEngine(root, io, url));
      assert.equal(
        readFileSync(`${root}.arguments`, "utf8").trim(),
        `--no-edit-path --install-root ${root} --version ${ENGINE_VERSION}`,
      );
      assert.equal(readFileSync(join(root, "bin", "pulumi"), "utf8"), "done\n");
    });

    it("which says which host did not answer, or what the script complained of", async () => {
      await assert.rejects(
        downloadEngine(join(dir, "a"), io, "http://127.0.0.1:1/install.sh"),
        /127\.0\.0\.1:1: /,
      );
      await served(404, "", (url) =>
        assert.rejects(downloadEngine(join(dir, "b"), io, url), /it answered 404/),
      );
      const failing = "echo 'no such release' >&2; exit 3";
      await served(200, failing, (url) =>
        assert.rejects(downloadEngine(join(dir, "c"), io, url), /ended with 3: no such release/),
      );
    });
  });

  describe("by go build", () => {
    function fakeGo(version: string, build: string): void {
      const file = join(dir, "go", "go");
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, `#!/bin/sh\nif [ "$1" = env ]; then echo ${version}; exit 0; fi\n${build}\n`, {
        mode: 0o755,
      });
      io.env.PATH = `${join(dir, "go")}:/usr/bin:/bin`;
    }

    it("which needs Go, and one that is new enough", async () => {
      await assert.rejects(buildEngine(join(dir, "made"), { ...io, env: { PATH: dir } }), /no go on PATH/);
      fakeGo("go1.24.9", "exit 1");
      await assert.rejects(buildEngine(join(dir, "made"), io), /is Go 1\.24\.9; 1\.25\.11 or newer/);
    });

    it("which builds from a copy of tools/engine, with the committed checksums only", async () => {
      fakeGo(
        "go1.26.8",
        `pwd > "${dir}/where"; env > "${dir}/env"; echo "$@" > "${dir}/arguments"; test -f go.sum || exit 9`,
      );
      await buildEngine(join(dir, "made"), io);
      assert.match(readFileSync(join(dir, "where"), "utf8"), /made\.source/);
      assert.match(readFileSync(join(dir, "env"), "utf8"), /GOFLAGS=-mod=readonly[\s\S]*/);
      assert.match(
        readFileSync(join(dir, "arguments"), "utf8"),
        /-trimpath -tags osusergo,grpcnotrace .*Version=v3\.259\.0 -o .*made\/bin\/pulumi github\.com/,
      );
    });

    it("which tries once more after a passing fault of the network, and gives up on others with Go's words", async () => {
      fakeGo(
        "go1.26.8",
        `echo x >> "${dir}/tries"; [ $(wc -l < "${dir}/tries") = 2 ] || { echo "proxy: connection reset" >&2; exit 1; }`,
      );
      await buildEngine(join(dir, "made"), io);
      fakeGo("go1.26.8", `echo x >> "${dir}/other"; echo "cmd/x.go:1: undefined: y" >&2; exit 1`);
      await assert.rejects(buildEngine(join(dir, "again"), io), /undefined: y/);
      assert.equal(readFileSync(join(dir, "other"), "utf8"), "x\n");
    });
  });
});
